internal import CVectorHash

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
