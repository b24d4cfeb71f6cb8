import NodeDriver
import SimulatedNodes
import Testing

@testable import FaultSimulation

@Suite struct SimulationRunTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `no fault makes two owners, and everything is whole again after the faults`(part: UInt64) {
        // Many more are for `clusterip simulate`, built for release.
        for seed in part * 250 + 1...(part + 1) * 250 {
            for violation in SimulationRun(seed: seed).run().violations {
                Issue.record("clusterip simulate --replay \(seed): \(violation.text)")
            }
        }
    }

    /// Nodes whose kernels keep no marks, change one bucket at a time, and take up what others keep; and some that nobody moves.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `the same holds among nodes of every kind`(part: UInt64) {
        for seed in part * 250 + 1...(part + 1) * 250 {
            for violation in SimulationRun(seed: seed, hasKinds: true).run().violations {
                Issue.record("clusterip simulate --kinds --replay \(seed): \(violation.text)")
            }
        }
    }

    @Test func `nothing of a run outlives it`() throws {
        for seed in 1...30 as ClosedRange<UInt64> {
            weak var clock: VirtualClock?
            weak var world: SimulatedWorld?
            weak var driver: SimulatedDriver?
            do {
                let run = try SimulatedWorld(seed: seed, trace: nil)
                (clock, world, driver) = (run.clock, run, run.nodes[0].driver)
                #expect(SimulationRun(seed: seed).run(in: run).violations.isEmpty)
            }
            // Every runner holds its fleet, every fleet its links and the clock.
            #expect(clock == nil && world == nil && driver == nil, "seed \(seed)")
        }
    }

    /// Each showed a mistake with the faults as they were drawn then; what was mended has tests of its own besides.
    ///
    /// In the first two, a console whose file lacks a member heard only nodes that list nobody (any more). In the
    /// others, whoever looks after what is left found no member at all.
    @Test(arguments: [1_038_505, 4_010_747, 41_780, 2_014_042] as [UInt64])
    func `what a seed once found is mended`(seed: UInt64) {
        for violation in SimulationRun(seed: seed).run().violations {
            Issue.record("clusterip simulate --replay \(seed): \(violation.text)")
        }
    }

    @Test func `a seed makes the same run again`() {
        func run() -> [String] {
            var lines: [String] = []
            _ = SimulationRun(seed: 17).run { lines.append("\($0)") }
            return lines
        }
        let lines = run()
        #expect(lines.count > 10 && lines == run())
    }
}
