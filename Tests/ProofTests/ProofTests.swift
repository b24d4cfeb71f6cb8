import Execution
import Simulation
import Testing

@Suite struct ProofTests {
    @Test func `no fault makes two owners, and everything is whole again after the faults`() {
        for seed in 1...600 as ClosedRange<UInt64> {
            let result = Proof(seed: seed).run()
            if let violation = result.violation { Issue.record("clusterip prove --seed \(seed) --trace: \(violation)") }
        }
    }

    @Test(arguments: [279, 1007, 1306, 1638, 1922, 3694, 4334] as [UInt64])
    func `seeds that found a mistake once find none`(seed: UInt64) {
        #expect(Proof(seed: seed).run().violation == nil)
    }

    @Test(arguments: PlanExecution.Flaw.allCases)
    func `a mistake made on purpose is found`(flaw: PlanExecution.Flaw) {
        let found = (1...1000 as ClosedRange<UInt64>).first {
            Proof(seed: $0, flaw: flaw).run().violation?.contains("two live owners") == true
        }
        #expect(found != nil, "\(flaw) was not found in 1000 seeds")
    }

    @Test func `a seed makes the same run again`() {
        func run() -> [String] {
            var lines: [String] = []
            _ = Proof(seed: 17).run { lines.append($0) }
            return lines
        }
        let lines = run()
        #expect(lines.count > 10 && lines == run())
    }
}
