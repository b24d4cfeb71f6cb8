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
    /// How many of them may disagree.
    public let tolerated: Int
    /// Whether no seed can explain the marks: equal input has different marks, or a mark exceeds the number of buckets.
    public let isContradicted: Bool

    private let ranges: [clusterip_evidence]
    /// How many seeds a search is expected to find by chance among all there are.
    public let expectedByChance: Double

    /// A search with this scheme, whose seed does not matter; nil for nftables' expressions that hash more than 12 bytes,
    /// and for fewer than two buckets, whose marks tell nothing about the seed.
    ///
    /// `totals` are the numbers of buckets that there may be, by default the scheme's. With `tolerating`, so many pieces
    /// of evidence may disagree, and equal input counts with the mark that most of it has. Nil too when the scheme does
    /// not place one of the connections. Those with mark 0 are left out.
    public init?(
        scheme: HashScheme, marks connections: [MarkedFlow], totals: ClosedRange<UInt32>? = nil,
        tolerating tolerated: Int = 0, evidence limit: Int = .max
    ) {
        let totals = totals ?? scheme.bucketCount...scheme.bucketCount
        guard totals.lowerBound > 1 else { return nil }
        let scheme = scheme.with(seed: 0)
        guard let marks = SeedWords.marks(of: connections, by: scheme) else { return nil }
        let usable = marks.filter { $0.mark <= totals.upperBound }
        isContradicted = tolerated == 0 && (usable.count < marks.count || marks.contains { $0.isDisputed })
        ranges = isContradicted ? [] : usable.prefix(limit).map { scheme.range(of: $0.words, mark: $0.mark, totals) }
        self.scheme = scheme
        self.tolerated = min(tolerated, max(0, ranges.count - 1))
        expectedByChance = Self.expectedByChance(ranges, tolerated: self.tolerated)
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
                    tolerated: UInt32(truncatingIfNeeded: tolerated), seeds_all_words: scheme.generation == .lookup3,
                    lookup2: scheme.generation == .lookup2)
                count = min(
                    limit,
                    clusterip_search_seeds(
                        &search, UInt32(truncatingIfNeeded: part.lowerBound), UInt64(part.count),
                        found.baseAddress, limit, width.width))
            }
        }
    }

    /// The product of the shares of hashes that agree, times the number of ways to leave out those that need not.
    private static func expectedByChance(_ ranges: [clusterip_evidence], tolerated: Int) -> Double {
        let shares = ranges.map { Double($0.span) / 4_294_967_296 }.sorted().dropLast(tolerated)
        let ways = (0..<tolerated).reduce(1.0) { $0 * Double(ranges.count - $1) / Double($1 + 1) }
        return shares.reduce(4_294_967_296 * ways, *)
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
    /// How many bytes they are.
    var length: UInt32 = 4
}

extension SeedWords {
    /// Equal input with the mark that most of its connections have.
    struct Marked {
        var words: SeedWords
        var mark: UInt32
        /// Whether there are other marks, too.
        var isDisputed: Bool
    }

    /// What connections with a mark are hashed by, in the order in which it occurs first; nil when one is not placed.
    static func marks(of connections: [MarkedFlow], by scheme: HashScheme) -> [Marked]? {
        var order: [SeedWords] = []
        var marks: [SeedWords: [UInt32: Int]] = [:]
        for connection in connections where connection.mark != 0 {
            guard let words = scheme.words(of: connection.flow) else { return nil }
            if marks[words] == nil { order.append(words) }
            marks[words, default: [:]][connection.mark, default: 0] += 1
        }
        return order.map { words in
            let counts = marks[words] ?? [:]
            let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
            return Marked(words: words, mark: most?.key ?? 0, isDisputed: counts.count > 1)
        }
    }
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

    /// The same arithmetic with another seed.
    public func with(seed: UInt32) -> HashScheme {
        switch self {
        case .clusterIP(var placement):
            placement.seed = seed
            return .clusterIP(placement)
        case .clusterMatch(var match):
            match.seed = seed
            return .clusterMatch(match)
        case .nft(let expression):
            // Only the seed is another: nothing can be refused.
            let other = try? NftHash(
                parts: expression.parts, modulus: expression.modulus, seed: seed, offset: expression.offset,
                byteOrder: expression.byteOrder)
            return .nft(other ?? expression)
        }
    }

    /// The words that a flow is hashed by; nil for nftables' expressions of more than 12 bytes, and for IPv6 where only
    /// IPv4 is placed.
    ///
    /// Nil too for IPv6 and the generation of 2.6.37 to 4.0, whose jhash2 is that of today: search with `lookup3`.
    func words(of flow: Flow) -> SeedWords? {
        switch self {
        case .clusterIP(let placement):
            guard let words = placement.words(of: flow) else { return nil }
            return SeedWords(
                a: words.0, b: words.1, c: words.2,
                length: 4 * UInt32(truncatingIfNeeded: placement.mode.wordCount))
        case .clusterMatch(let match):
            let word = match.word(of: flow.source)
            guard case .v6 = flow.source else { return SeedWords(a: word, b: 0, c: 0) }
            // lookup2's jhash2 adds the length in bytes to the third word; lookup3's is in what the words are added to.
            return match.generation == .lookup3WithoutLength
                ? nil : SeedWords(a: word, b: 0, c: match.generation == .lookup2 ? 4 : 0)
        case .nft(let expression):
            guard let key = try? expression.key(of: flow), key.count <= 12 else { return nil }
            let words = (0..<3).map { word in
                (0..<4).reduce(UInt32(0)) { sum, byte in
                    let index = 4 * word + byte
                    return index < key.count ? sum | UInt32(key[index]) << UInt32(8 * byte) : sum
                }
            }
            return SeedWords(a: words[0], b: words[1], c: words[2], length: UInt32(key.count))
        }
    }

    /// The hashes that fall into bucket `mark`, counted from 1, of one of so many buckets, at least two, and what the words
    /// are added to before the seed is.
    func range(of words: SeedWords, mark: UInt32, _ totals: ClosedRange<UInt32>) -> clusterip_evidence {
        func first(_ bucket: UInt64, _ total: UInt32) -> UInt64 {
            min(1 << 32, ((bucket << 32) + UInt64(total) - 1) / UInt64(total))
        }
        let low = first(UInt64(mark) - 1, totals.upperBound)
        let span = min(first(UInt64(mark), totals.lowerBound) - low, 0xffff_ffff)
        let start: (UInt32, UInt32, UInt32)
        switch generation {
        case .lookup3:
            let value = Jhash.initialValue &+ words.length
            start = (value, value, value)
        case .lookup3WithoutLength: start = (Jhash.initialValue, Jhash.initialValue, 0)
        case .lookup2: start = (Jhash.goldenRatio, Jhash.goldenRatio, 0)
        }
        return clusterip_evidence(
            start: (words.a &+ start.0, words.b &+ start.1, words.c &+ start.2),
            low: UInt32(truncatingIfNeeded: low), span: UInt32(truncatingIfNeeded: span))
    }
}
