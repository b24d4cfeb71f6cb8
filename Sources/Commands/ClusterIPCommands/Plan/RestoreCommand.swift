import ArgumentParser
import Planning

/// `clusterip restore`: bring a node back.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring a node back: give it its fair share of the buckets.",
        discussion: """
            With the fewest moves: from the nodes that have the most, and first the buckets whose connections the node \
            still keeps.

            \(PlanOptions.help)

            Example: clusterip restore node1
            """)

    @Argument(help: "The node that is to answer its share again.") var node: String

    @OptionGroup var mode: ModeOption

    @OptionGroup var options: PlanOptions

    func run() throws {
        try PlanCommandBody(options: options).run { _ in .restore(node, mode: mode.moveMode) }
    }
}
