internal import CVectorHash

/// Finds the seeds with which one hash explains the marks of connections, among all 2³² or a part of them.
///
/// The search is pure: it is asked range by range, so that whoever asks can show progress and stop. One range of 2³²
/// takes some seconds on one core. Source of the arithmetic: include/linux/jhash.h, as in `Jhash`.
public struct SeedSearch: Sendable {
    /// All seeds there are.
    public static let allSeeds: Range<UInt64> = 0..<1 << 32

    /// The arithmetic that is tried, with seed 0.
    public let scheme: HashScheme
    /// How many connections tell something: those that differ in what the scheme hashes.
    public var evidence: Int { ranges.count }
    /// Whether no seed can explain the marks: equal input has different marks, or a mark exceeds the number of buckets.
    public let isContradicted: Bool

    private let ranges: [clusterip_evidence]

    /// A search with this scheme, whose seed does not matter; nil for nftables' expressions and for fewer than two
    /// buckets, whose marks tell nothing about the seed.
    ///
    /// Nil too when the scheme does not place one of the connections. Those with mark 0 are left out.
    public init?(scheme: HashScheme, marks connections: [MarkedFlow]) {
        guard scheme.bucketCount > 1, let scheme = scheme.with(seed: 0) else { return nil }
        var marks: [SeedWords: UInt32] = [:]
        var ranges: [clusterip_evidence] = []
        var isContradicted = false
        for connection in connections where connection.mark != 0 {
            guard let words = scheme.words(of: connection.flow) else { return nil }
            if connection.mark > scheme.bucketCount { isContradicted = true }
            if let mark = marks.updateValue(connection.mark, forKey: words) {
                if mark != connection.mark { isContradicted = true }
            } else if !isContradicted {
                ranges.append(scheme.range(of: words, mark: connection.mark))
            }
        }
        self.scheme = scheme
        self.ranges = ranges
        self.isContradicted = isContradicted
    }

    /// The seeds of a part of `allSeeds` that explain every mark, ascending; at most `limit` of them.
    ///
    /// Seeds beyond 2³² are none.
    public func seeds(in part: Range<UInt64>, limit: Int = 16, width: VectorWidth = .best) -> [UInt32] {
        let part = part.clamped(to: Self.allSeeds)
        guard !isContradicted, !part.isEmpty, limit > 0, width.isAvailable else { return [] }
        return [UInt32](unsafeUninitializedCapacity: limit) { found, count in
            ranges.withUnsafeBufferPointer { ranges in
                var search = clusterip_search(
                    evidence: ranges.baseAddress, count: ranges.count,
                    seeds_all_words: scheme.generation == .lookup3, lookup2: scheme.generation == .lookup2)
                count = min(
                    limit,
                    clusterip_search_seeds(
                        &search, UInt32(truncatingIfNeeded: part.lowerBound), UInt64(part.count),
                        found.baseAddress, limit, width.width))
            }
        }
    }

    /// How many of `seeds` seeds would explain all marks by chance alone: seeds ÷ N to the power of `evidence`.
    ///
    /// Far below 1 means that a seed that is found is the right one.
    public func expectedByChance(among seeds: Double = 4_294_967_296) -> Double {
        ranges.reduce(seeds) { expected, _ in expected / Double(scheme.bucketCount) }
    }

    /// How many connections with different input are needed until fewer than one in 1,000 searches of `searches` × 2³²
    /// seeds finds one by chance: the least m with Nᵐ ≥ 1,000 × searches × 2³², that is (42 + log₂ searches) ÷ log₂ N.
    public static func connectionsNeeded(bucketCount: UInt32, searches: Int = 1) -> Int? {
        guard bucketCount > 1, searches > 0 else { return nil }
        var (rest, count) = (4_294_967_296_000 * Double(searches), 0)
        while rest > 1 {
            rest /= Double(bucketCount)
            count += 1
        }
        return count
    }
}
