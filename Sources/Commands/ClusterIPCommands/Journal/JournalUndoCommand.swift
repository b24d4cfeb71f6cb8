import ArgumentParser
import Journal
import Planning

/// `clusterip journal undo`: every bucket of an operation back where it came from.
struct JournalUndoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take an operation back: its buckets go where they came from.",
        discussion: """
            The plan is made of what the kernels hold now, shown, asked for and carried out like any other. It is \
            refused when a bucket is with a third node by now. \(ExitStatus.help)
            """)

    @Argument(help: "The operation's id, or the beginning that only one has.") var id: String

    @OptionGroup var options: SettlingOptions

    func run() throws {
        try Console.run {
            try Settling(id: id, outcome: .undone, options: options).run { planner, plan throws(PlanError) in
                try planner.inverse(of: plan)
            }
        }
    }
}
