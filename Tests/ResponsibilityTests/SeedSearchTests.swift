import CVectorHash
import Responsibility
import TestSupport
import Testing

@Suite("The search for the seed")
struct SeedSearchTests {
    private func marks(_ scheme: HashScheme, _ count: Int = 64) throws -> [MarkedFlow] {
        var random = SplitMix(seed: 21)
        return try Samples.sources(count).map { source in
            let flow = Samples.flow(from: source, port: UInt16(truncatingIfNeeded: random.next()), port: 443)
            return MarkedFlow(flow: flow, mark: UInt32(try scheme.bucket(of: flow)))
        }
    }

    /// A part of the seeds that is not a multiple of any vector, with the right one somewhere inside.
    private func part(around seed: UInt32) -> Range<UInt64> {
        max(UInt64(seed), 4000) - 4000..<min(UInt64(seed) + 3333, 1 << 32)
    }

    private static let schemes: [HashScheme] = JhashGeneration.allCases.flatMap { generation in
        ByteOrder.allCases.flatMap { order in
            HashMode.allCases.map { mode in
                HashScheme.clusterIP(
                    Placement(mode: mode, bucketCount: 7, seed: 0, generation: generation, byteOrder: order))
            } + [
                HashScheme.clusterMatch(
                    ClusterMatch(bucketCount: 16, seed: 0, generation: generation, byteOrder: order))
            ]
        }
    }

    @Test(arguments: schemes, VectorWidth.allCases.filter(\.isAvailable))
    func theSeedThatWroteTheMarksIsFound(scheme: HashScheme, width: VectorWidth) throws {
        for seed: UInt32 in [0, 5, 0x8000_0001, 0xdead_c0de, .max] {
            let truth = scheme.with(seed: seed)
            let search = try #require(SeedSearch(scheme: scheme, marks: try marks(truth)))
            #expect(search.seeds(in: part(around: seed), width: width) == [seed])
        }
    }

    /// With 2³¹ buckets of two hashes each, the first hash of the next bucket is met often.
    @Test func theFirstHashBeyondABucketIsNotInIt() throws {
        for seed in UInt32(0)..<64 {
            let placement = Placement(mode: .sourceIP, bucketCount: 1 << 31, seed: seed)
            let hash = try #require(placement.hash(of: Samples.flow()))
            for (mark, isIn) in [(hash >> 1, false), (hash >> 1 + 1, true), (hash >> 1 + 2, false)] where mark > 0 {
                let marked = [MarkedFlow(flow: Samples.flow(), mark: mark)]
                let search = SeedSearch(scheme: .clusterIP(placement), marks: marked)
                for width in VectorWidth.allCases where width.isAvailable {
                    #expect(search?.seeds(in: 0..<64, width: width).contains(seed) == isIn)
                    #expect(search?.seeds(in: UInt64(seed)..<UInt64(seed) + 1, width: width) == (isIn ? [seed] : []))
                }
            }
        }
    }

    @Test func twoBucketsAreEnoughForASearch() {
        let two = HashScheme.clusterIP(Placement(mode: .sourceIP, bucketCount: 2, seed: 0))
        let one = HashScheme.clusterIP(Placement(mode: .sourceIP, bucketCount: 1, seed: 0))
        let marked = [MarkedFlow(flow: Samples.flow(), mark: 1)]
        #expect(SeedSearch(scheme: two, marks: marked) != nil && SeedSearch(scheme: one, marks: marked) == nil)
    }

    @Test func allSeedsThatAgreeAreFoundByEveryWidth() throws {
        let scheme = HashScheme.clusterIP(Placement(mode: .sourceIP, bucketCount: 3, seed: 0))
        let truth = scheme.with(seed: 77)
        let marks = try marks(truth, 4)
        let search = try #require(SeedSearch(scheme: scheme, marks: marks))
        let expected = try (0..<5001).filter { seed in
            let scheme = scheme.with(seed: UInt32(seed))
            return try marks.allSatisfy { try scheme.bucket(of: $0.flow) == Int($0.mark) }
        }
        #expect(expected.contains(77) && expected.count > 30)
        for width in VectorWidth.allCases where width.isAvailable {
            #expect(search.seeds(in: 0..<5001, limit: 1000, width: width).map(Int.init) == expected)
            #expect(search.seeds(in: 0..<5001, limit: 7, width: width).map(Int.init) == Array(expected.prefix(7)))
        }
    }

    @Test(
        arguments: [CLUSTERIP_WIDTH_BASE, CLUSTERIP_WIDTH_AVX2, CLUSTERIP_WIDTH_AVX512].filter(
            clusterip_width_available))
    func nothingIsWrittenBeyondTheRoom(width: clusterip_width) {
        // Half of all seeds agree.
        let evidence = [clusterip_evidence(start: (1, 2, 3), low: 0, span: 1 << 31)]
        var found = [UInt32](repeating: 0xdead_beef, count: 8)
        let count = evidence.withUnsafeBufferPointer { evidence in
            var search = clusterip_search(
                evidence: evidence.baseAddress, count: 1, tolerated: 0, seeds_all_words: true, lookup2: false)
            return clusterip_search_seeds(&search, 0, 1000, &found, 3, width)
        }
        #expect((300...700).contains(count))
        #expect(found[..<3].allSatisfy { $0 < 1000 } && found[3...].allSatisfy { $0 == 0xdead_beef })
    }

    @Test func nothingOfNothing() throws {
        let scheme = HashScheme.clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 0))
        let search = try #require(SeedSearch(scheme: scheme, marks: try marks(scheme)))
        #expect(search.seeds(in: 5..<5).isEmpty)
        #expect(search.seeds(in: 1 << 32..<1 << 33).isEmpty)
        #expect(search.seeds(in: 0..<10, limit: 0).isEmpty)
        #expect(
            SeedSearch(scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 1, seed: 0)), marks: []) == nil)
        let expression = HashScheme.nft(try NftHash(parsing: "jhash ip6 saddr mod 4 seed 1"))
        #expect(SeedSearch(scheme: expression, marks: [MarkedFlow(flow: Samples.flow(), mark: 1)]) == nil)
    }

    @Test func equalInputIsOnePieceOfEvidenceAndMustHaveOneMark() throws {
        let scheme = HashScheme.clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 0))
        let marked = [80, 443].map { MarkedFlow(flow: Samples.flow(port: 1, port: $0), mark: 2) }
        let search = try #require(SeedSearch(scheme: scheme, marks: marked))
        #expect(search.evidence == 1 && !search.isContradicted)
        let other = MarkedFlow(flow: Samples.flow(port: 2), mark: 3)
        #expect(try #require(SeedSearch(scheme: scheme, marks: marked + [other])).isContradicted)
        let beyond = try #require(SeedSearch(scheme: scheme, marks: [MarkedFlow(flow: Samples.flow(), mark: 5)]))
        #expect(beyond.isContradicted && beyond.seeds(in: 0..<100).isEmpty)
    }

    @Test(arguments: [
        "jhash ip saddr . th sport mod 16 seed 1", "jhash ip saddr . th sport . th dport mod 16 seed 1 offset 1",
        "jhash ip saddr mod 16 seed 1", "jhash th sport mod 16 seed 1",
    ])
    func theSeedOfAnExpressionIsFound(text: String) throws {
        let truth = HashScheme.nft(try NftHash(parsing: text)).with(seed: 0x1234)
        let marked = try marks(truth).map {
            MarkedFlow(flow: $0.flow, mark: $0.mark + 1 - UInt32(truth.firstBucket))
        }
        let search = try #require(SeedSearch(scheme: truth, marks: marked))
        #expect(search.seeds(in: 0..<0x4000) == [0x1234])
    }

    @Test(arguments: VectorWidth.allCases.filter(\.isAvailable))
    func marksThatDisagreeAreToleratedAndTheNumberOfBucketsMayBeUnknown(width: VectorWidth) throws {
        let truth = HashScheme.clusterIP(Placement(mode: .sourceIP, bucketCount: 16, seed: 4321))
        var marked = try marks(truth)
        for index in 0..<6 { marked[9 * index].mark = (marked[9 * index].mark + 7) % 16 + 1 }
        let exact = try #require(SeedSearch(scheme: truth, marks: marked))
        #expect(exact.seeds(in: 0..<10_000, width: width).isEmpty)
        let tolerant = try #require(SeedSearch(scheme: truth, marks: marked, totals: 15...18, tolerating: 6))
        #expect(tolerant.seeds(in: 0..<10_000, width: width) == [4321] && tolerant.expectedByChance < 1e-20)
        let strict = try #require(SeedSearch(scheme: truth, marks: marked, totals: 15...18, tolerating: 5))
        #expect(strict.seeds(in: 0..<10_000, width: width).isEmpty)
    }

    @Test func chanceIsCounted() throws {
        let scheme = HashScheme.clusterIP(Placement(mode: .sourceIP, bucketCount: 16, seed: 0))
        let search = try #require(SeedSearch(scheme: scheme, marks: try marks(scheme, 8)))
        #expect(search.expectedByChance == 1)
        #expect(SeedSearch.connectionsNeeded(bucketCount: 16) == 11)
        #expect(SeedSearch.connectionsNeeded(bucketCount: 2) == 42)
        #expect(SeedSearch.connectionsNeeded(bucketCount: 2, searches: 16) == 46)
        #expect(SeedSearch.connectionsNeeded(bucketCount: 1) == nil)
    }
}
