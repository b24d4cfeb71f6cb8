import ArgumentParser
import Planning

/// `clusterip restore`: bring a node back.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring a node back: give it the buckets that it had.",
        discussion: """
            Those are the buckets that the last drain or take-over took from it, as far as nobody has moved them since: the \
            kernels of the nodes that have them know that, also after a reboot. When no kernel does, the node gets its fair \
            share with the fewest moves: from the nodes that have the most, and first the buckets whose connections it still \
            keeps.

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
