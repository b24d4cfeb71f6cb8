/// Counts distinct flows in bounded memory: exactly while they fit, and honestly estimated beyond.
///
/// Of each flow a 64-bit fingerprint is kept, with two buckets beside it. When the room is full, only fingerprints
/// with one more zero bit stay: a random half of the flows. The kept ones stand for `scale` flows each, so that flows
/// per bucket, and flows per pair of buckets, come from one sample (Wegman's adaptive sampling). The memory is 4 MiB.
/// Source: P. Flajolet, On Adaptive Sampling, Computing 43 (1990).
public struct DistinctFlows: Sendable {
    /// A kept flow: the buckets it was placed in, as its schemes number them.
    public struct Sample: Hashable, Sendable {
        /// Its bucket, from the scheme's first one on (1, or an nft rule's offset).
        public var bucket: UInt32
        /// Its bucket in the scheme that is compared with; 0 without one.
        public var other: UInt32
    }

    /// The most flows that are kept: up to so many the counts are exact.
    public static let capacity = 131_072

    /// How many flows one kept flow stands for: 1 while the count is exact, else a power of two.
    public private(set) var scale: UInt64 = 1
    /// How many flows are kept.
    public private(set) var kept = 0

    private var fingerprints = [UInt64](repeating: 0, count: 2 * Self.capacity)
    private var samples = [Sample](repeating: Sample(bucket: 0, other: 0), count: 2 * Self.capacity)

    /// A count of nothing.
    public init() {}

    /// Whether the count is exact, but for two flows of the same 64-bit fingerprint.
    public var isExact: Bool { scale == 1 }

    /// How many distinct flows there were; an estimate unless `isExact`.
    public var count: UInt64 { UInt64(kept) &* scale }

    /// The variance of an estimate of `count` flows, in flows squared: 0 when exact; its root is the standard error.
    public func variance(of count: UInt64) -> Double { Double(count) * Double(scale - 1) }

    /// Takes a flow by its fingerprint, which must be well mixed.
    @inline(__always)
    mutating func insert(_ fingerprint: UInt64, bucket: UInt32, other: UInt32) {
        guard fingerprint & (scale &- 1) == 0 else { return }
        let fingerprint = fingerprint == 0 ? 1 << 63 : fingerprint
        guard let slot = freeSlot(for: fingerprint) else { return }
        fingerprints[slot] = fingerprint
        samples[slot] = Sample(bucket: bucket, other: other)
        kept &+= 1
        if kept == Self.capacity { halve() }
    }

    /// The slot for a flow that is not kept yet; nil when it is.
    @inline(__always)
    private func freeSlot(for fingerprint: UInt64) -> Int? {
        fingerprints.withUnsafeBufferPointer { fingerprints in
            let mask = fingerprints.count &- 1
            var slot = Int(truncatingIfNeeded: fingerprint >> 40) & mask
            while fingerprints[slot] != 0 {
                if fingerprints[slot] == fingerprint { return nil }
                slot = (slot &+ 1) & mask
            }
            return slot
        }
    }

    /// Keeps every second flow.
    private mutating func halve() {
        let old = (fingerprints, samples)
        fingerprints = [UInt64](repeating: 0, count: old.0.count)
        kept = 0
        scale &*= 2
        for (slot, fingerprint) in old.0.enumerated() where fingerprint != 0 {
            insert(fingerprint, bucket: old.1[slot].bucket, other: old.1[slot].other)
        }
    }

    /// Calls `body` with each kept flow, which stands for `scale` flows, in no particular order.
    public func forEach(_ body: (Sample) -> Void) {
        for (slot, fingerprint) in fingerprints.enumerated() where fingerprint != 0 { body(samples[slot]) }
    }
}
