import ClusterModel
import NodeDriver

/// What a table holds beside its rules.
struct TableContents {
    /// Who owns each bucket, by which operation, and what was counted.
    var held: HeldBuckets
    /// Buckets of which connection tracking has a connection, whoever owns them.
    var connected: BucketSet = []

    /// The members that the table lists, by key.
    var members: [Int: String] = [:]
    /// What is noted of operations, by id.
    var notes: [String: OperationNote] = [:]

    var ownership: Ownership { held.ownership }
    var marks: [Int: String] { held.marks }
    var counters: [BucketCounters] { held.counters }

    /// The buckets of which a connection may be on the node.
    var sticky: BucketSet { connected.union(ownership.accepting).union(ownership.draining) }

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
            packets: packets > part.packets ? packets - part.packets : 0,  // bounded: compared
            bytes: bytes > part.bytes ? bytes - part.bytes : 0  // bounded: compared
        )
    }
}
