import ArgumentParser
import Planning
import Wording

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
        try CommandIO.run {
            let earlier = try EarlierOperation(id, .resumed, options)
            defer { earlier.connection.close() }
            let outcome = earlier.operation.outcome
            guard outcome != .ended(.resumed), outcome != .ended(.undone) else {
                throw CommandError("\(earlier.operation.id) is \(outcome.word): there is nothing to complete")
            }
            let recovery = earlier.recovery()
            earlier.say(BucketPlaces(recovery).text + "\n")
            if earlier.operation.isCutOff, recovery.isOvertaken {
                return try earlier.close(as: earlier.overtakenEnding)
            }
            let isLeft = recovery.closing(operation: "") != nil
            if recovery.isReached, !(options.closing.waits && isLeft) {
                guard outcome == .ended(.done) else { return try earlier.close(as: .resumed, isLeft: isLeft) }
                throw CommandError("\(earlier.operation.id) is done: there is nothing to complete")
            }
            return try earlier.carryOut(
                earlier.planned { () throws(PlanError) in
                    try recovery.completion(operation: OperationID.make(), reason: earlier.reason)
                })
        }
    }
}
