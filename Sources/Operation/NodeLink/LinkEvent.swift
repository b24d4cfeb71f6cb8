import AgentProtocol
import ClusterModel

/// What happens on a link.
public enum LinkEvent: Sendable {
    /// The agent sent a frame.
    case frame(AgentFrame)
    /// The agent sent a line that is no frame.
    case garbage(AgentFailure)
    /// The link is over, for this reason.
    case ended(LinkFailure)
}
