import ClusterModel

/// What a table holds beside its rules: who owns each bucket, by which operation, and what was counted.
struct TableContents {
    /// The states of the buckets; a bucket without one is released.
    var ownership: Ownership
    /// The mark beside each bucket; a bucket without one was written by another program.
    var marks: [Int: String]
    /// The counters of bucket i+1 at index i; empty when nothing was counted.
    var counters: [BucketCounters] = []
    /// Buckets of which connection tracking has a connection, whoever owns them.
    var connected: BucketSet = []

    /// The buckets of which a connection may be on the node.
    var sticky: BucketSet { connected.union(ownership.accepting).union(ownership.draining) }

    /// What a new table holds: these buckets owned, all others released, every bucket under the installation's mark.
    static func new(bucketCount: Int, owned: BucketSet, installation: String) -> TableContents {
        let marks = Dictionary((1...bucketCount).map { ($0, installation) }) { first, _ in first }
        return TableContents(ownership: Ownership(owned: owned), marks: marks)
    }

    /// The elements of one ownership set by their mark; those without a mark come under nil.
    func elements(of set: String, bucketCount: Int) -> [(mark: String?, buckets: BucketSet)] {
        var groups: [String?: BucketSet] = [:]
        for bucket in 1...bucketCount where BucketTable.sets(holding: ownership.state(of: bucket)).contains(set) {
            groups[marks[bucket], default: []].insert(bucket)
        }
        return groups.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { ($0.key, $0.value) }
    }

    /// The counters of one counting set, of any layout.
    func counters(of set: String) -> [PacketCount] {
        counters.map { counters in
            let (arrived, accepted) = (counters.arrived ?? PacketCount(), counters.accepted ?? PacketCount())
            return switch set {
            case "arrived": arrived
            case "dropped": arrived.less(accepted)
            case "replied": counters.replied ?? PacketCount()
            default: accepted
            }
        }
    }
}

extension PacketCount {
    /// What is left of a count without a part of it.
    fileprivate func less(_ part: Self) -> Self {
        Self(
            packets: packets > part.packets ? packets - part.packets : 0,
            bytes: bytes > part.bytes ? bytes - part.bytes : 0
        )
    }
}
