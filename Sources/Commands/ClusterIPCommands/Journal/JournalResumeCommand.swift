import ArgumentParser
import Execution
import Journal
import Planning

/// `clusterip journal resume`: completes an operation that was cut off or done in part.
struct JournalResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Complete an operation that was cut off, or done in part.",
        discussion: """
            Says where each of its buckets is by what the kernels hold now. What is not where the operation wanted it \
            is planned again, shown, asked for and carried out. When all is in place, --wait and --settle end what still \
            drains or resets for it. What others have changed since is left to them.

            Examples:
              clusterip journal resume
              clusterip journal resume op-tbs3kl --wait 10m --yes

            \(ExitStatus.help)
            """)

    @Argument(help: "The operation's id, or the beginning that only one has. Default: the only one that was cut off.")
    var id: String?

    @OptionGroup var options: PlanOptions

    func run() throws {
        try Console.run {
            let settling = try Settling(id, .resumed, options)
            defer { settling.connection.close() }
            if let outcome = settling.operation.outcome, [.resumed, .undone].contains(outcome) {
                throw CommandError("\(settling.operation.id) is \(outcome.rawValue): there is nothing to complete")
            }
            let recovery = settling.recovery()
            settling.say(BucketPlaces(recovery).text + "\n")
            if settling.operation.isCutOff, recovery.isOvertaken { return try settling.note(settling.overtakenOutcome) }
            let isLeft = recovery.closing(operation: "") != nil
            if recovery.isReached, !(options.closing.waits && isLeft) {
                guard settling.operation.outcome == .done else { return try settling.note(.resumed, isLeft: isLeft) }
                throw CommandError("\(settling.operation.id) is done: there is nothing to complete")
            }
            return try settling.carryOut(
                settling.execution { () throws(PlanError) in
                    try recovery.completion(
                        operation: OperationID.make(), reason: settling.reason, options: options.closing.options)
                })
        }
    }
}
