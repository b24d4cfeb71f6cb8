import ArgumentParser
import Journal
import Planning

/// `clusterip journal resume`: completes an operation that was cut off or done in part.
struct JournalResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Complete an operation that was cut off, or done in part.",
        discussion: """
            Says where each of its buckets is by what the kernels hold now. What is not where the operation wanted it \
            is planned anew, shown, asked for and carried out. \(ExitStatus.help)
            """)

    @Argument(help: "The operation's id, or the beginning that only one has.") var id: String

    @OptionGroup var options: SettlingOptions

    func run() throws {
        try Console.run {
            try Settling(id: id, outcome: .resumed, options: options).run { planner, plan throws(PlanError) in
                try planner.finishing(plan)
            }
        }
    }
}

extension Planner {
    /// A plan that brings the buckets of another one where it wanted them, from where it found them or from nobody.
    ///
    /// - Throws: `PlanError` when a bucket is on a third node by now, or cannot move.
    func finishing(_ plan: Plan) throws(PlanError) -> Plan {
        var turned = plan
        turned.moves = plan.moves.map { Move(bucket: $0.bucket, from: $0.to, to: $0.from ?? $0.to) }
        var finishing = try inverse(of: turned)
        finishing.title = "finish: \(plan.title)"
        return finishing
    }
}
