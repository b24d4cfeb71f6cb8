import ClusterModel

/// How the execution of a plan ended.
public enum PlanOutcome: Hashable, Sendable {
    /// Every step was applied; the ownership of each node, by name, as its kernel was read again afterwards.
    ///
    /// What still drains or resets, a sentence each, is left for later.
    case completed(after: [String: Ownership], left: [String] = [])
    /// It ended before its last step; the sentence says why and what holds now.
    case stopped(String)
    /// Nothing was changed; the sentence says why.
    case refused(String)
}
