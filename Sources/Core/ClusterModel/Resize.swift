import Responsibility

/// A number of buckets that is divided or united, so that every flow stays with its node.
///
/// Bucket b of N is b = ⌊hash · N / 2³²⌋ + 1. With k · N buckets its flows are in the buckets k·(b−1)+1 … k·b, its children.
extension HashScheme {
    /// The same scheme with another number of buckets, a multiple or a divisor of its own; nil when there is none.
    public func resized(to bucketCount: Int) -> HashScheme? {
        guard let new = UInt32(exactly: bucketCount), new > 0, self.bucketCount > 0,
            new % self.bucketCount == 0 || self.bucketCount % new == 0
        else { return nil }
        switch self {
        case .clusterIP(var placement):
            placement.bucketCount = new
            return .clusterIP(placement)
        case .clusterMatch(var match):
            match.bucketCount = new
            return .clusterMatch(match)
        case .nft: return nil
        }
    }

    /// Whether buckets of another scheme can be told as buckets of this one, so that a node can keep what it owns.
    public func keepsOwners(of other: HashScheme) -> Bool { other.resized(to: Int(bucketCount)) == self }
}

/// How the buckets of one number of buckets become those of another, which is a multiple or a divisor of it.
public struct Resize: Hashable, Sendable {
    private let old: Int
    private let new: Int

    /// A resize from a scheme to another; nil when their buckets have nothing to do with each other.
    public init?(from old: HashScheme, to new: HashScheme) {
        guard new.keepsOwners(of: old) else { return nil }
        (self.old, self.new) = (Int(old.bucketCount), Int(new.bucketCount))
    }

    /// The children of a bucket, or the one bucket that it goes into.
    public func buckets(of bucket: Int) -> ClosedRange<Int> {
        guard new >= old else { return (bucket - 1) / (old / new) + 1...(bucket - 1) / (old / new) + 1 }
        let factor = new / old
        return (bucket - 1) * factor + 1...bucket * factor
    }

    /// The buckets that these become.
    public func callAsFunction(_ buckets: BucketSet) -> BucketSet {
        buckets.reduce(into: BucketSet()) { $0.insert(self.buckets(of: $1)) }
    }

    /// The ownership that this becomes; nil when buckets are to be united that are in different states.
    public func callAsFunction(_ ownership: Ownership) -> Ownership? {
        guard new >= old || ownership.firstDivided(by: old / new) == nil else { return nil }
        return Ownership(
            owned: self(ownership.owned), draining: self(ownership.draining), adopted: self(ownership.adopted))
    }
}

extension Ownership {
    /// The first of the buckets 1…, each of so many children, whose children are not all in the same state; nil when all are.
    public func firstDivided(by factor: Int) -> Int? {
        [owned, draining, adopted].lazy.compactMap { set in
            set.lazy.map { ($0 - 1) / factor + 1 }.first {
                set.count(in: ($0 - 1) * factor + 1...$0 * factor) != factor
            }
        }.min()
    }
}
