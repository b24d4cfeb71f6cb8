import ClusterModel
import Planning

/// What the operator wishes: some buckets on another node.
public struct PlanRequest: Hashable, Sendable {
    /// The buckets to move.
    public var buckets: BucketSet
    /// The node that gets them.
    public var target: String
    /// How the old owners give them up.
    public var mode: MoveMode

    /// A request from its parts.
    public init(buckets: BucketSet, target: String, mode: MoveMode) {
        self.buckets = buckets
        self.target = target
        self.mode = mode
    }
}
