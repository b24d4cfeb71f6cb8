import ClusterModel
import Responsibility

/// What a node holds of one cluster address beside its settings: who owns each bucket, by which operation, what was counted.
public struct HeldBuckets: Hashable, Sendable {
    /// The states of the buckets; a bucket without one is released.
    public var ownership: Ownership
    /// The mark beside each bucket; a bucket without one was written by another program.
    public var marks: [Int: String]
    /// The counters of bucket i+1 at index i; empty when nothing was counted.
    public var counters: [BucketCounters]

    /// What is held, from its parts.
    public init(ownership: Ownership, marks: [Int: String], counters: [BucketCounters] = []) {
        self.ownership = ownership
        self.marks = marks
        self.counters = counters
    }

    /// What a new member holds: these buckets owned, all others released, every bucket under the installation's mark.
    public static func new(bucketCount: Int, owned: BucketSet, installation: String) -> HeldBuckets {
        let marks = Dictionary((1...bucketCount).map { ($0, installation) }) { first, _ in first }
        return HeldBuckets(ownership: Ownership(owned: owned), marks: marks)
    }

    /// The same in the buckets of another scheme; nil when these have nothing to do with them, or are to be united while they
    /// are in different states.
    ///
    /// Each child has its parent's state and mark. United buckets have the mark that all of them had, or that of a new
    /// installation. Counts are added up; the count of a divided bucket is nobody's, so its children are not counted yet.
    public func resized(from old: HashScheme, to new: HashScheme, installation: String) -> HeldBuckets? {
        guard old != new else { return self }
        guard let resize = Resize(from: old, to: new), let ownership = resize(ownership) else { return nil }
        var resized = HeldBuckets(ownership: ownership, marks: [:])
        let (before, after) = (Int(old.bucketCount), Int(new.bucketCount))
        for bucket in 1...before {
            for child in resize.buckets(of: bucket) {
                let isFirst = after > before || (bucket - 1) % (before / after) == 0
                resized.marks[child] = isFirst || resized.marks[child] == marks[bucket] ? marks[bucket] : installation
            }
        }
        guard after < before, !counters.isEmpty else { return resized }
        resized.counters = (0..<after).map { parent in
            let children = counters[(parent * (before / after))..<min((parent + 1) * (before / after), counters.count)]
            return BucketCounters(
                arrived: children.total(.arrived), accepted: children.total(.accepted),
                replied: children.total(.replied))
        }
        return resized
    }

    /// Refuses to unite buckets of which a node owns some and not the others.
    public static func requireUnited(
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

extension Sequence where Element == BucketCounters {
    /// The sum of one counter; nil when no bucket has it.
    fileprivate func total(_ counter: Counter) -> PacketCount? {
        reduce(nil) { sum, next in
            guard let count = next[counter] else { return sum }
            return (sum ?? PacketCount()) + count
        }
    }
}
