import TestSupport
import Testing

@testable import Responsibility

@Suite("Calibration from connection marks")
struct CalibrationTests {
    private func connections(_ count: Int, _ bucket: (Flow) -> Int?) -> [MarkedFlow] {
        var random = SplitMix(seed: 5)
        return Samples.sources(count).map { source in
            let flow = Samples.flow(
                from: source, port: UInt16(truncatingIfNeeded: random.next()),
                port: UInt16(truncatingIfNeeded: random.next()))
            return MarkedFlow(flow: flow, mark: UInt32(bucket(flow) ?? 0))
        }
    }

    @Test(arguments: JhashGeneration.allCases, ByteOrder.allCases)
    func theArithmeticThatWroteTheMarksIsFound(generation: JhashGeneration, byteOrder: ByteOrder) {
        for mode in HashMode.allCases {
            let truth = Placement(
                mode: mode, bucketCount: 7, seed: 99, generation: generation, byteOrder: byteOrder)
            let result = Calibration(seeds: [0, 99]).run(on: connections(200) { truth.bucket(of: $0) })
            let found = result.candidates
            guard result.verdict == .explained, case .clusterIP(let placement)? = found.first?.scheme else {
                Issue.record("\(truth): \(result)")
                continue
            }
            #expect(found.count == 1 && found[0].agreeing == 200 && found[0].total == 200)
            #expect(placement.mode == mode && placement.bucketCount == 7 && placement.seed == 99)
            #expect(placement.generation == generation && (mode == .sourceIP || placement.byteOrder == byteOrder))
        }
    }

    @Test func theClusterMatchIsFoundToo() {
        let truth = ClusterMatch(bucketCount: 4, seed: 3)
        let result = Calibration(seeds: [3]).run(on: connections(100) { truth.bucket(of: $0.source) })
        #expect(result.verdict == .explained)
        let found = result.candidates
        #expect(found.map(\.scheme) == [.clusterMatch(truth)])
    }

    @Test func marksOfSomethingElseAreNotExplained() {
        var random = SplitMix(seed: 9)
        let marks = connections(200) { _ in Int.random(in: 1...4, using: &random) }
        let result = Calibration(totals: [4]).run(on: marks)
        #expect(result.verdict == .none)
        #expect(result.candidates.allSatisfy { $0.agreeing < 100 && $0.agreeingByChance == 50 && $0.chance > 0.01 })
    }

    /// Eight marks of two buckets and a wrong seed: some arithmetic agrees with all of them by chance.
    @Test func whatChanceDoesIsNoExplanation() {
        let truth = Placement(mode: .sourceIP, bucketCount: 2, seed: 77)
        for seed in UInt32(1000)..<1200 {
            let marks = connections(8) { truth.bucket(of: $0) }
            let verdict = Calibration(totals: [2], seeds: [seed]).run(on: marks).verdict
            #expect(verdict == .none || verdict == .ambiguous)
        }
    }

    @Test(arguments: [1, 9, 20]) func marksOfOtherRulesAreTolerated(wrong: Int) {
        let truth = Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 0)
        var marks = connections(100) { truth.bucket(of: $0) }
        for index in 0..<wrong { marks[5 * index].mark = UInt32(index % 16) + 1 }
        let result = Calibration().run(on: marks)
        #expect(result.verdict == .explained && result.residue == .noise)
        #expect(result.candidates.map(\.scheme) == [.clusterIP(truth)])
        #expect(result.candidates[0].agreeing < 100 && result.candidates[0].agreeing >= 100 - wrong)
        #expect(result.candidates[0].chance < 1e-20)
    }

    @Test(arguments: [
        MarkField(shift: 8, width: 24), MarkField(shift: 8, width: 8), MarkField(shift: 3, width: 29),
        MarkField(shift: 0, width: 32, first: 0), MarkField(shift: 16, width: 16, first: 0),
        MarkField(shift: 0, width: 32, first: 100),
    ])
    func theBucketIsFoundAnywhereInTheMark(field: MarkField) {
        let truth = Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 5)
        let marks = connections(80) { truth.bucket(of: $0) }.map { connection in
            MarkedFlow(
                flow: connection.flow,
                mark: field.mark(ofBucket: connection.mark - 1) | (field.width == 8 ? 0xab00_0003 : 0))
        }
        let result = Calibration(seeds: [5]).run(on: marks)
        #expect(result.verdict == .explained, "\(result)")
        let found = result.candidates.first
        #expect(found?.scheme == .clusterIP(truth) && found?.field.first == field.first)
        for bucket in UInt32(0)..<16 {
            let mask = (found?.field.mask ?? 0) & field.mask
            #expect(found.map { $0.field.mark(ofBucket: bucket) & mask } == field.mark(ofBucket: bucket) & mask)
        }
    }

    /// The truth has 17 buckets, or joins 16 to 3 nodes: with 16, or 3, half or more agree, and that is no explanation.
    @Test func anotherNumberOfBucketsIsNotTakenForNoise() {
        let truth = Placement(mode: .sourceIPSourcePort, bucketCount: 17, seed: 0)
        let result = Calibration(totals: [16]).run(on: connections(300) { truth.bucket(of: $0) })
        #expect(result.verdict == .explained && result.candidates[0].scheme == .clusterIP(truth), "\(result)")
        let nodes = Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 0)
        let joined = Calibration().run(on: connections(300) { nodes.bucket(of: $0).map { ($0 - 1) * 3 / 16 + 1 } })
        #expect(joined.verdict == .probable && joined.residue == .besideBoundaries, "\(joined)")
    }

    /// Connections of IPv6 sources, each in a /32 of its own.
    private func connectionsV6(_ count: Int, _ bucket: (Flow) throws -> Int) rethrows -> [MarkedFlow] {
        var random = SplitMix(seed: 6)
        return try (0..<count).map { _ in
            let flow = Flow(
                transport: .tcp, source: .v6(IPv6Address(high: random.next(), low: random.next())),
                sourcePort: UInt16(truncatingIfNeeded: random.next()),
                destination: .v6(IPv6Address(high: 0x2001_0db8 << 32, low: 1)),
                destinationPort: UInt16(truncatingIfNeeded: random.next()))
            return MarkedFlow(flow: flow, mark: UInt32(try bucket(flow)))
        }
    }

    @Test(arguments: Calibration.schemesV6(bucketCount: 7, seed: 99))
    func everyArithmeticOfIPv6IsFoundAndNoOther(truth: HashScheme) throws {
        let marks = try connectionsV6(40) { try truth.bucket(of: $0) }
        let result = Calibration(totals: [6, 7], seeds: [0, 99]).run(on: marks)
        #expect(result.verdict == .explained)
        #expect(result.candidates.map(\.scheme) == [truth] && result.candidates[0].agreeing == 40)
    }

    @Test func schemesOfIPv6AreTenAndRefuseNoBuckets() throws {
        let schemes = Calibration.schemesV6(bucketCount: 4, seed: 1)
        #expect(schemes.count == 10 && Set(schemes).count == 10)
        #expect(schemes[0] == .clusterMatch(ClusterMatch(bucketCount: 4, seed: 1)))
        #expect(schemes[4] == .nft(try NftHash(parsing: "jhash ip6 saddr mod 4 seed 1 offset 1")))
        #expect(Calibration.schemesV6(bucketCount: 0).count == 4)
    }

    @Test func amongIPv4ConnectionsAnIPv6OneIsExplainedByTheClusterMatchAlone() throws {
        let match = ClusterMatch(bucketCount: 4, seed: 3)
        let v6 = connectionsV6(5) { match.bucket(of: $0.source) }
        let both = connections(60) { match.bucket(of: $0.source) } + v6
        let result = Calibration(totals: [4], seeds: [3]).run(on: both)
        #expect(result.verdict == .explained)
        #expect(result.candidates.map(\.scheme) == [.clusterMatch(match)] && result.candidates[0].total == 65)
        let placement = Placement(mode: .sourceIP, bucketCount: 4, seed: 3)
        let mixed = connections(60) { placement.bucket(of: $0) } + v6
        let other = Calibration(totals: [4], seeds: [3]).run(on: mixed)
        #expect(other.verdict == .explained && other.candidates[0].agreeing == 60 && other.candidates[0].total == 65)
        #expect(other.candidates[0].scheme == .clusterIP(placement))
    }

    @Test func theSeedOfAClusterMatchIsFoundFromIPv6Connections() throws {
        for scheme in Calibration.schemesV6(bucketCount: 16, seed: 0x1_2345).prefix(4) {
            let marks = try connectionsV6(20) { try scheme.bucket(of: $0) }
            let search = try #require(SeedSearch(scheme: scheme, marks: marks))
            #expect(search.evidence == 20 && search.seeds(in: 0x1_0000..<0x2_0000) == [0x1_2345])
        }
        let older = ClusterMatch(bucketCount: 16, seed: 9, generation: .lookup3WithoutLength)
        let marks = connectionsV6(20) { older.bucket(of: $0.source) }
        #expect(SeedSearch(scheme: .clusterMatch(older), marks: marks) == nil)
        let today = ClusterMatch(bucketCount: 16, seed: 9)
        #expect(marks.allSatisfy { $0.mark == UInt32(today.bucket(of: $0.flow.source)) })
        let placement = Placement(mode: .sourceIP, bucketCount: 16, seed: 0)
        #expect(SeedSearch(scheme: .clusterIP(placement), marks: marks) == nil)
    }

    @Test func sixtyFourBucketsAreTriedEvenWhenTheLastIsNotSeen() {
        let truth = Placement(mode: .sourceIP, bucketCount: 64, seed: 0)
        let marks = connections(300) { truth.bucket(of: $0) }.filter { $0.mark < 60 }
        let result = Calibration().run(on: marks)
        #expect(result.verdict == .explained && result.candidates.first?.scheme == .clusterIP(truth))
    }

    /// What nftables hashes of ICMP under `th sport` is type and code, which no flow tells.
    @Test func connectionsThatDoNotTellWhatIsHashedAreNoEvidence() throws {
        let truth = try NftHash(parsing: "jhash ip saddr . th sport mod 16 seed 7 offset 1")
        var marks = connections(20) { try? truth.value(of: $0) }
        for index in 0..<12 {
            let flow = Samples.flow(.icmp, from: IPv4Address(number: UInt32(index + 1)), port: 0, port: 0)
            marks.append(MarkedFlow(flow: flow, mark: UInt32(index % 16 + 1)))
        }
        let result = Calibration(seeds: [7]).run(on: marks)
        #expect(result.verdict == .explained && result.candidates.first?.scheme == .nft(truth), "\(result)")
        #expect(result.candidates.first?.total == 20 && result.residue == .none)
    }

    @Test func noConnectionsAreNotExplained() {
        #expect(Calibration().run(on: connections(9) { _ in 0 }).verdict == .noEvidence)
        #expect(Calibration().run(on: []).verdict == .noEvidence)
    }

    @Test func fewConnectionsTellHowManyMoreAreNeeded() throws {
        let truth = Placement(mode: .sourceIP, bucketCount: 16, seed: 0)
        let all = connections(60) { truth.bucket(of: $0) }
        let few = Calibration(totals: [16]).run(on: Array(all.prefix(4)))
        #expect(few.verdict != .explained)
        let needed = try #require(few.needed)
        #expect((1...20).contains(needed))
        #expect(Calibration(totals: [16]).run(on: Array(all.prefix(4 + needed))).verdict == .explained)
        #expect(Calibration(totals: [16]).run(on: all).needed == 0)
    }
}
