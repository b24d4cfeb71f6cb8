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

/// What a scheme hashes of a flow, apart from the seed.
struct SeedWords: Hashable {
    var a: UInt32
    var b: UInt32
    var c: UInt32
}

extension HashScheme {
    /// The generation of the kernel's jhash; that of today for nftables' expressions.
    var generation: JhashGeneration {
        switch self {
        case .clusterIP(let placement): placement.generation
        case .clusterMatch(let match): match.generation
        case .nft: .lookup3
        }
    }

    /// The same arithmetic with another seed; nil for nftables' expressions.
    public func with(seed: UInt32) -> HashScheme? {
        switch self {
        case .clusterIP(var placement):
            placement.seed = seed
            return .clusterIP(placement)
        case .clusterMatch(var match):
            match.seed = seed
            return .clusterMatch(match)
        case .nft: return nil
        }
    }

    /// The words that a flow is hashed by; nil for nftables' expressions, and for IPv6 where only IPv4 is placed.
    ///
    /// Nil too for IPv6 and the generation of 2.6.37 to 4.0, whose jhash2 is that of today: search with `lookup3`.
    func words(of flow: Flow) -> SeedWords? {
        switch self {
        case .clusterIP(let placement):
            guard let words = placement.words(of: flow) else { return nil }
            return SeedWords(a: words.0, b: words.1, c: words.2)
        case .clusterMatch(let match):
            let word = match.word(of: flow.source)
            guard case .v6 = flow.source else { return SeedWords(a: word, b: 0, c: 0) }
            // lookup2's jhash2 adds the length in bytes to the third word; lookup3's is in what the words are added to.
            return match.generation == .lookup3WithoutLength
                ? nil : SeedWords(a: word, b: 0, c: match.generation == .lookup2 ? 4 : 0)
        case .nft: return nil
        }
    }

    /// The hashes that fall into bucket `mark` of at least two, and what the words are added to before the seed is.
    func range(of words: SeedWords, mark: UInt32) -> clusterip_evidence {
        let total = UInt64(bucketCount)
        func first(_ bucket: UInt64) -> UInt64 { ((bucket << 32) + total - 1) / total }
        let low = first(UInt64(mark) - 1)
        let start: (UInt32, UInt32, UInt32)
        switch generation {
        case .lookup3:
            let count = if case .clusterIP(let placement) = self { placement.mode.wordCount } else { 1 }
            let value = Jhash.initialValue &+ UInt32(truncatingIfNeeded: count) << 2
            start = (value, value, value)
        case .lookup3WithoutLength: start = (Jhash.initialValue, Jhash.initialValue, 0)
        case .lookup2: start = (Jhash.goldenRatio, Jhash.goldenRatio, 0)
        }
        return clusterip_evidence(
            start: (words.a &+ start.0, words.b &+ start.1, words.c &+ start.2),
            low: UInt32(truncatingIfNeeded: low), span: UInt32(truncatingIfNeeded: first(UInt64(mark)) - low))
    }
}
