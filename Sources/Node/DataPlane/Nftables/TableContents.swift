import ClusterModel
import Responsibility

/// What a table holds beside its rules: who owns each bucket, by which operation, and what was counted.
package struct TableContents {
    /// The states of the buckets; a bucket without one is released.
    package var ownership: Ownership
    /// The mark beside each bucket; a bucket without one was written by another program.
    package var marks: [Int: String]
    /// The counters of bucket i+1 at index i; empty when nothing was counted.
    package var counters: [BucketCounters] = []
    /// Buckets of which connection tracking has a connection, whoever owns them.
    package var connected: BucketSet = []

    /// Contents from their parts.
    package init(ownership: Ownership, marks: [Int: String], counters: [BucketCounters] = []) {
        self.ownership = ownership
        self.marks = marks
        self.counters = counters
    }

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
            switch set {
            case "arrived": counters.arrived
            case "dropped": counters.arrived.less(counters.accepted)
            default: counters.accepted
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

/// What a table holds when its number of buckets becomes a multiple or a divisor.
extension TableContents {
    /// The contents with the buckets of another scheme; nil when these have nothing to do with them, or are to be united
    /// while they are in different states.
    ///
    /// Each child has its parent's state and mark. United buckets have the mark that all of them had, or that of a new
    /// installation. Counts are added up; the count of a divided bucket is nobody's, so its children begin at 0.
    package func resized(from old: HashScheme, to new: HashScheme, installation: String) -> TableContents? {
        guard old != new else { return self }
        guard let resize = Resize(from: old, to: new), let ownership = resize(ownership) else { return nil }
        var resized = TableContents(ownership: ownership, marks: [:])
        let count = Int(new.bucketCount)
        let isUniting = new.bucketCount < old.bucketCount
        for bucket in 1...Int(old.bucketCount) {
            for child in resize.buckets(of: bucket) {
                let isFirst = !isUniting || (bucket - 1) % (Int(old.bucketCount) / count) == 0
                resized.marks[child] = isFirst || resized.marks[child] == marks[bucket] ? marks[bucket] : installation
            }
        }
        guard isUniting else { return resized }
        guard !counters.isEmpty else { return resized }
        resized.counters = Array(repeating: BucketCounters(), count: count)
        for (place, counters) in counters.enumerated() {
            let parent = resize.buckets(of: place + 1).lowerBound - 1
            resized.counters[parent].arrived = resized.counters[parent].arrived + counters.arrived
            resized.counters[parent].accepted = resized.counters[parent].accepted + counters.accepted
        }
        return resized
    }

    /// Refuses to unite buckets of which a node owns some and not the others.
    package static func requireUnited(
        _ ownership: Ownership, from old: HashScheme, to new: HashScheme
    ) throws(DriverError) {
        guard new.bucketCount < old.bucketCount, new.keepsOwners(of: old) else { return }
        let factor = Int(old.bucketCount / new.bucketCount)
        guard let bucket = ownership.firstDivided(by: factor) else { return }
        throw DriverError(
            .otherSettings,
            "The buckets \((bucket - 1) * factor + 1) to \(bucket * factor) are in different states, so they cannot become "
                + "one; nothing was changed.")
    }
}
