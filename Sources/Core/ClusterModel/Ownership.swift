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

    /// Whether the node accepts new flows of a bucket.
    public func accepts(_ bucket: Int) -> Bool { owned.contains(bucket) || adopted.contains(bucket) }

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

/// Which buckets of a cluster have exactly one owner.
public struct Coverage: Hashable, Sendable {
    /// Index into the nodes of the owner of bucket i+1 at index i; nil when it has none.
    ///
    /// In a conflict it is the first.
    public let owners: [Int?]
    /// Buckets without an owner.
    public let orphans: BucketSet
    /// Buckets with two or more owners.
    public let conflicts: BucketSet

    /// The coverage of N buckets by these nodes' ownerships.
    public init(bucketCount: Int, ownerships: [Ownership]) {
        var owners = [Int?](repeating: nil, count: max(bucketCount, 0))
        var conflicts = BucketSet()
        for (index, ownership) in ownerships.enumerated() {
            for bucket in ownership.accepting where bucket <= owners.count {
                if owners[bucket - 1] == nil { owners[bucket - 1] = index } else { conflicts.insert(bucket) }
            }
        }
        self.owners = owners
        self.conflicts = conflicts
        orphans = BucketSet(owners.indices.filter { owners[$0] == nil }.map { $0 + 1 })
    }

    /// Index into the nodes of the owner of a bucket; nil for an orphan or a bucket that does not exist.
    public func owner(of bucket: Int) -> Int? { owners.indices.contains(bucket - 1) ? owners[bucket - 1] : nil }

    /// Whether every bucket has exactly one owner.
    public var isWhole: Bool { orphans.isEmpty && conflicts.isEmpty }
}
