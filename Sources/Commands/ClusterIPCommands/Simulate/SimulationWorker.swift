import FaultSimulation
import Reactor

/// Runs its share of the seeds and prints what they came to, a line of JSON now and then, for the parent to add up.
struct SimulationWorker {
    let from: UInt64
    let end: UInt64
    let stride: UInt64
    let hasKinds: Bool

    func run() throws -> ExitStatus {
        var report = SimulationReport()
        var told = Reactor.now
        for seed in Swift.stride(from: from, to: end, by: Int(stride)) {
            report.add(SimulationRun(seed: seed, hasKinds: hasKinds).run())
            guard Reactor.now - told > 200_000_000 || !report.violations.isEmpty else { continue }
            try tell(&report)
            told = Reactor.now
        }
        try tell(&report)
        return .done
    }

    private func tell(_ report: inout SimulationReport) throws {
        CommandIO.print(try JSONText.text(report, pretty: false))
        report = SimulationReport()
    }
}
