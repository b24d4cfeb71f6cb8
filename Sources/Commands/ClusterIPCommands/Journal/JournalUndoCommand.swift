import ArgumentParser
import ClusterModel
import Planning
import Wording

/// `clusterip journal undo`: every bucket of an operation back where it came from.
struct JournalUndoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take an operation back: its buckets go where they came from.",
        discussion: """
            Who became a member by it leaves, and who left joins again. The plan is made of what the kernels hold now, shown, asked for and carried out like any other. It is \
            refused when a third node has taken a bucket since.

            Examples:
              clusterip journal undo
              clusterip journal undo op-tbs3kl-1x2y3z --dry-run
              clusterip journal undo op-tbs3kl-1x2y3z

            \(ExitStatus.help)
            """)

    @Argument(help: "The operation's id, or the beginning that only one has. Default: the only one that was cut off.")
    var id: String?

    @OptionGroup var options: PlanOptions

    func run() throws {
        try CommandIO.run {
            let earlier = try EarlierOperation(id, .undone, options)
            defer { earlier.connection.close() }
            earlier.say(BucketPlaces(earlier.plan, earlier.snapshot).text + "\n")
            let recovery = earlier.recovery()
            let isBack = earlier.plan.moves.allSatisfy { earlier.snapshot.owner(of: $0.bucket)?.name == $0.from }
            if isBack, recovery.members.values.allSatisfy({ $0 == .untouched }) {
                return try earlier.close(as: .undone)
            }
            return try earlier.carryOut(
                earlier.planned { () throws(PlanError) in
                    try recovery.reversal(
                        operation: OperationID.make(), snapshot: earlier.snapshot, reason: earlier.reason)
                })
        }
    }
}
