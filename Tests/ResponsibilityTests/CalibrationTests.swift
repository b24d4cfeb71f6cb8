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
            guard case .explained(let found) = result, case .clusterIP(let placement)? = found.first?.scheme else {
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
        guard case .explained(let found) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(found.map(\.scheme) == [.clusterMatch(truth)])
    }

    @Test func marksOfSomethingElseAreNotExplained() {
        var random = SplitMix(seed: 9)
        let marks = connections(200) { _ in Int.random(in: 1...4, using: &random) }
        guard case .unexplained(let best) = Calibration(totals: [4]).run(on: marks) else {
            Issue.record("explained by chance")
            return
        }
        #expect(best.count == 8 && best[0].agreeing < 100 && best[0].expectedByChance == 50)
    }

    @Test func oneWrongMarkIsShownInTheEvidence() {
        let truth = Placement(mode: .sourceIP, bucketCount: 4, seed: 0)
        var marks = connections(50) { truth.bucket(of: $0) }
        marks[7].mark = marks[7].mark % 4 + 1
        guard case .unexplained(let best) = Calibration(totals: [4]).run(on: marks) else {
            Issue.record("explained")
            return
        }
        #expect(best[0].scheme == .clusterIP(truth) && best[0].agreeing == 49 && best[0].total == 50)
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
        guard case .explained(let found) = Calibration(totals: [6, 7], seeds: [0, 99]).run(on: marks) else {
            Issue.record("\(truth) was not found")
            return
        }
        #expect(found.map(\.scheme) == [truth] && found[0].agreeing == 40)
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
        guard case .explained(let found) = Calibration(totals: [4], seeds: [3]).run(on: both) else {
            Issue.record("not explained")
            return
        }
        #expect(found.map(\.scheme) == [.clusterMatch(match)] && found[0].total == 65)
        let placement = Placement(mode: .sourceIP, bucketCount: 4, seed: 3)
        let mixed = connections(60) { placement.bucket(of: $0) } + v6
        guard case .unexplained(let best) = Calibration(totals: [4], seeds: [3]).run(on: mixed) else {
            Issue.record("explained")
            return
        }
        #expect(best[0].scheme == .clusterIP(placement) && best[0].agreeing == 60)
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
        guard case .explained(let found) = Calibration().run(on: marks) else {
            Issue.record("not explained")
            return
        }
        #expect(found[0].scheme == .clusterIP(truth))
    }

    @Test func noConnectionsAreNotExplained() {
        let scheme = HashScheme.clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 0))
        #expect(!CalibrationCandidate(scheme: scheme, agreeing: 0, total: 0).explainsAll)
    }

    @Test func fewConnectionsAreAmbiguousAndNoneIsNoEvidence() {
        let truth = Placement(mode: .sourceIP, bucketCount: 4, seed: 0)
        guard case .ambiguous = Calibration(totals: [4]).run(on: connections(1) { truth.bucket(of: $0) }) else {
            Issue.record("one connection cannot tell")
            return
        }
        #expect(Calibration().run(on: connections(9) { _ in 0 }) == .noEvidence)
        #expect(Calibration().run(on: []) == .noEvidence)
    }
}
