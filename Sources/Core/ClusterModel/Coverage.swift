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
