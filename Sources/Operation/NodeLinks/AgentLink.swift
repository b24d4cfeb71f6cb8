import AgentProtocol
import ClusterModel

/// A two-way stream of frames with one agent.
public protocol AgentLink: AnyObject {
    /// Starts the agent; events come to the handler from then on, the last of them `ended`.
    func open(_ handler: @escaping (LinkEvent) -> Void)

    /// Sends a frame; one that cannot be sent ends the link.
    func send(_ frame: AgentFrame)

    /// Ends the agent and the link at once; no event comes any more.
    func close()
}

/// What happens on a link.
public enum LinkEvent: Sendable {
    /// The agent sent a frame.
    case frame(AgentFrame)
    /// The agent sent a line that is no frame.
    case garbage(AgentFailure)
    /// The link is over, for this reason.
    case ended(LinkFailure)
}
