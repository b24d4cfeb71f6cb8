import ClusterModel

/// How the execution of a plan ended.
public enum PlanOutcome: Hashable, Sendable {
    /// Every step was applied; the ownership of each node, by name, as its kernel was read again afterwards.
    case completed(after: [String: Ownership])
    /// It ended before its last step; the sentence says why and what holds now.
    case stopped(String)
}
