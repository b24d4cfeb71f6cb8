/// How well the console hears a node.
public enum NodeState: String, CaseIterable, Sendable, Codable {
    /// The link is being opened; nothing was heard yet.
    case connecting
    /// Samples arrive in time.
    case live
    /// The last sample is late: what is shown may have changed.
    case stale
    /// The link ended, or nothing was heard for so long that the node must be taken for gone.
    case unreachable
}
