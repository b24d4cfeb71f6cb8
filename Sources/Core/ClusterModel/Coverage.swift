/// Which buckets of a cluster have exactly one owner.
public struct Coverage: Hashable, Sendable {
    /// Index into the nodes of the one that answers bucket i+1 at index i; nil when none does.
    ///
    /// In a conflict it is the first.
    public let owners: [Int?]
    /// Buckets that no node answers.
    public let orphans: BucketSet
    /// Buckets that two or more nodes answer.
    public let conflicts: BucketSet

    /// The coverage of N buckets by these nodes' ownerships.
    public init(totalNodes: Int, ownerships: [Ownership]) {
        var owners = [Int?](repeating: nil, count: max(totalNodes, 0))
        var conflicts = BucketSet()
        for (index, ownership) in ownerships.enumerated() {
            for bucket in ownership.answering where bucket <= owners.count {
                if owners[bucket - 1] == nil { owners[bucket - 1] = index } else { conflicts.insert(bucket) }
            }
        }
        self.owners = owners
        self.conflicts = conflicts
        orphans = BucketSet(owners.indices.filter { owners[$0] == nil }.map { $0 + 1 })
    }

    /// Index into the nodes of the one that answers a bucket; nil for an orphan or a bucket that does not exist.
    public func owner(of bucket: Int) -> Int? { owners.indices.contains(bucket - 1) ? owners[bucket - 1] : nil }

    /// Whether every bucket has exactly one owner.
    public var isWhole: Bool { orphans.isEmpty && conflicts.isEmpty }
}
