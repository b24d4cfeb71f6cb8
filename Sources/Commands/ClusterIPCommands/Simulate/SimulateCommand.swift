import ArgumentParser
import FaultSimulation
import Glibc

/// `clusterip simulate`: run the fault simulation of plans over many seeds.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Run plans on simulated nodes under faults, a run for every seed.",
        discussion: """
            Two operators move buckets while requests and answers are lost, doubled, delayed and reordered, agents are \
            killed and stopped, nodes are cut off and lose power, consoles die at any step, and somebody flushes and \
            edits rulesets. After every event it is checked that no bucket has two live owners and no packet two \
            answers; in the end that every bucket has an owner, and that the journals told the truth. A seed makes the \
            same run always.

            Ctrl-C ends with what is known by then.

            Examples:
              clusterip simulate --seeds 1000000
              clusterip simulate --replay 4711
              clusterip simulate --kinds --seeds 100000

            \(ExitStatus.help)
            """)

    @Option(help: "How many seeds to run.") var seeds: UInt64 = 1000

    @Option(help: "The first seed.") var from: UInt64 = 1

    @Flag(help: "Nodes of other kinds among those with tables of ours, such as ipt_CLUSTERIP's.") var kinds = false

    @Option(help: "How many processes share the seeds; as many as there are processors when left out.")
    var jobs: Int?

    @Option(help: "Make the run of this seed again and print what happens in it.") var replay: UInt64?

    @Option(help: ArgumentHelp("Run every so many seeds and print reports for the parent.", visibility: .private))
    var stride: UInt64?

    func validate() throws {
        guard seeds > 0, from <= .max - seeds else {
            throw ValidationError("there are no \(seeds) seeds from \(from) on")
        }
        guard (1...1024).contains(jobs ?? 1) else { throw ValidationError("--jobs must be 1 to 1024") }
    }

    func run() throws {
        try CommandIO.run {
            if let replay { return show(replay) }
            if let stride {
                return try SimulationWorker(from: from, end: from + seeds, stride: stride, hasKinds: kinds).run()
            }
            let count = min(UInt64(jobs ?? max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)), seeds)
            return try SimulationJobs(from: from, seeds: seeds, jobs: count, hasKinds: kinds).run()
        }
    }

    private func show(_ seed: UInt64) -> ExitStatus {
        let report = SimulationRun(seed: seed, hasKinds: kinds).run { CommandIO.print("\($0)\n") }
        CommandIO.print("\n" + SimulationSummary(report, seconds: nil).text)
        return report.violations.isEmpty ? .done : .failed
    }
}
