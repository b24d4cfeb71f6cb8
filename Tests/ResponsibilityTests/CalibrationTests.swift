import Responsibility
import Testing

@Suite("Calibration from connection marks")
struct CalibrationTests {
    private func connections(_ count: Int, _ bucket: (Flow) -> Int) -> [MarkedFlow] {
        var random = SplitMix(state: 5)
        return Samples.sources(count).map { source in
            let flow = Samples.flow(
                from: source, port: UInt16(truncatingIfNeeded: random.next()),
                port: UInt16(truncatingIfNeeded: random.next()))
            return MarkedFlow(flow: flow, mark: UInt32(bucket(flow)))
        }
    }

    @Test(arguments: JhashGeneration.allCases, ByteOrder.allCases)
    func theArithmeticThatWroteTheMarksIsFound(generation: JhashGeneration, byteOrder: ByteOrder) {
        for mode in HashMode.allCases {
            let truth = Placement(
                mode: mode, totalNodes: 7, hashInit: 99, generation: generation, byteOrder: byteOrder)
            let result = Calibration(seeds: [0, 99]).run(on: connections(200) { truth.bucket(of: $0) })
            guard case .explained(let found) = result, case .clusterIP(let placement)? = found.first?.scheme else {
                Issue.record("\(truth): \(result)")
                continue
            }
            #expect(found.count == 1 && found[0].agreeing == 200 && found[0].total == 200)
            #expect(placement.mode == mode && placement.totalNodes == 7 && placement.hashInit == 99)
            #expect(placement.generation == generation && (mode == .sourceIP || placement.byteOrder == byteOrder))
        }
    }

    @Test func theClusterMatchIsFoundToo() {
        let truth = ClusterMatch(totalNodes: 4, seed: 3)
        let result = Calibration(seeds: [3]).run(on: connections(100) { truth.bucket(of: .v4($0.source)) })
        guard case .explained(let found) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(found.map(\.scheme) == [.clusterMatch(truth)])
    }

    @Test func marksOfSomethingElseAreNotExplained() {
        var random = SplitMix(state: 9)
        let marks = connections(200) { _ in Int.random(in: 1...4, using: &random) }
        guard case .unexplained(let best) = Calibration(totals: [4]).run(on: marks) else {
            Issue.record("explained by chance")
            return
        }
        #expect(best.count == 8 && best[0].agreeing < 100 && best[0].expectedByChance == 50)
    }

    @Test func oneWrongMarkIsShownInTheEvidence() {
        let truth = Placement(mode: .sourceIP, totalNodes: 4, hashInit: 0)
        var marks = connections(50) { truth.bucket(of: $0) }
        marks[7].mark = marks[7].mark % 4 + 1
        guard case .unexplained(let best) = Calibration(totals: [4]).run(on: marks) else {
            Issue.record("explained")
            return
        }
        #expect(best[0].scheme == .clusterIP(truth) && best[0].agreeing == 49 && best[0].total == 50)
    }

    @Test func fewConnectionsAreAmbiguousAndNoneIsNoEvidence() {
        let truth = Placement(mode: .sourceIP, totalNodes: 4, hashInit: 0)
        guard case .ambiguous = Calibration(totals: [4]).run(on: connections(1) { truth.bucket(of: $0) }) else {
            Issue.record("one connection cannot tell")
            return
        }
        #expect(Calibration().run(on: connections(9) { _ in 0 }) == .noEvidence)
        #expect(Calibration().run(on: []) == .noEvidence)
    }
}
