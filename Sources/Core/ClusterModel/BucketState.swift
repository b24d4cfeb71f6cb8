/// The state of a bucket on a node that has anything to do with it.
public enum BucketState: String, CaseIterable, Sendable, Codable {
    /// The node accepts new flows of the bucket.
    case owned
    /// The node keeps the bucket's established connections and refuses new ones.
    case draining
    /// The node accepts new flows of the bucket, and packets of connections it never saw, so that they are reset.
    case adopted

    /// Whether a node in this state accepts new flows of the bucket.
    public var acceptsNewFlows: Bool { self != .draining }
}
