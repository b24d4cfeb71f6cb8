import ArgumentParser
import Execution
import Glibc
import Simulation

/// `clusterip prove`: run the fault simulation of plans over many seeds.
struct ProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Run plans on simulated nodes under faults, a run for every seed.",
        discussion: """
            Two operators move buckets while requests and answers are lost, doubled, delayed and reordered, agents are \
            killed and stopped, nodes are cut off and lose power, consoles die between two lines of their journal, and \
            somebody flushes and edits rulesets. After every event it is checked that no bucket has two live owners; in \
            the end that every bucket has one, and that the journals told the truth. A seed makes the same run always.

            Examples:
              clusterip prove --seeds 100000
              clusterip prove --seed 4711 --trace

            \(ExitStatus.help)
            """)

    @Option(help: "How many seeds to run.") var seeds: UInt64 = 1000

    @Option(help: "The first seed.") var from: UInt64 = 1

    @Option(help: "This seed alone.") var seed: UInt64?

    @Flag(help: "Print what happens.") var trace = false

    @Option(
        help: ArgumentHelp("Make this mistake on purpose, to see that it is found.", visibility: .hidden))
    var flaw: String?

    func run() throws {
        try Console.run {
            let first = seed ?? from
            let count = seed == nil ? seeds : 1
            guard count > 0, first <= .max - count else {
                throw CommandError("there are no \(count) seeds from \(first) on")
            }
            var tally = ProofTally(count: count, showsProgress: !trace && isatty(STDERR_FILENO) == 1)
            for seed in first..<first + count {
                tally.add(try proof(of: seed).run(trace: trace ? { Console.print($0 + "\n") } : nil))
            }
            Console.print(tally.summary)
            return tally.failures == 0 ? .done : .failed
        }
    }

    private func proof(of seed: UInt64) throws(CommandError) -> Proof {
        guard let flaw else { return Proof(seed: seed) }
        guard let known = PlanExecution.Flaw(rawValue: flaw) else {
            let names = PlanExecution.Flaw.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError("there is no mistake \"\(flaw)\": the mistakes are \(names)")
        }
        return Proof(seed: seed, flaw: known)
    }
}
