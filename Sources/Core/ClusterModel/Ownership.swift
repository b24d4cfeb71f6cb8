/// What one node owns: the three sets of buckets that its kernel holds.
public struct Ownership: Hashable, Sendable, Codable {
    /// Buckets whose flows the node accepts.
    public var owned: BucketSet
    /// Buckets whose established connections the node keeps.
    public var draining: BucketSet
    /// Buckets whose flows the node accepts, resetting connections it never saw.
    public var adopted: BucketSet

    /// An ownership from its three sets.
    public init(owned: BucketSet = [], draining: BucketSet = [], adopted: BucketSet = []) {
        self.owned = owned
        self.draining = draining
        self.adopted = adopted
    }

    /// The buckets whose new flows the node accepts: owned or adopted.
    public var accepting: BucketSet { owned.union(adopted) }

    /// The state of one bucket; nil when the node has nothing to do with it.
    public func state(of bucket: Int) -> BucketState? {
        if adopted.contains(bucket) { return .adopted }
        if owned.contains(bucket) { return .owned }
        return draining.contains(bucket) ? .draining : nil
    }

    /// Puts one bucket into a state, or out of all of them.
    public mutating func set(_ bucket: Int, to state: BucketState?) {
        owned.remove(bucket)
        draining.remove(bucket)
        adopted.remove(bucket)
        switch state {
        case .owned: owned.insert(bucket)
        case .draining: draining.insert(bucket)
        case .adopted: adopted.insert(bucket)
        case nil: break
        }
    }
}
