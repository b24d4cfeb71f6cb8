import AgentProtocol
import ClusterModel

extension NodeSession {
    /// What is to be done after an event.
    public enum Action: Hashable, Sendable {
        /// Open the link.
        case open
        /// Send this frame.
        case send(AgentFrame)
        /// Close the link.
        case close
        /// A new sample is there.
        case sample(NodeSample)
        /// The call of that ticket has ended.
        case completed(ticket: Int, Result<AgentResult, AgentFailure>)
        /// The state or the failure behind it changed.
        case stateChanged
    }
}
