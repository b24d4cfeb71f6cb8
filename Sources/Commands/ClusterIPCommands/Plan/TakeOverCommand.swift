import ArgumentParser
import Planning

/// `clusterip takeover`: claim a dead node's buckets.
struct TakeOverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "takeover", abstract: "Claim the buckets of a dead node for the live nodes.",
        discussion: """
            Only for a node that cannot be reached. Be sure that it is dead (switched off, its port shut): if it still \
            answers, two nodes answer its buckets and new connections break. The new owners reset connections that they \
            never saw, so that clients connect again at once; `clusterip settle` ends that later.

            \(PlanOptions.help)

            Examples:
              clusterip takeover node3
              clusterip takeover node3 --to node1 --yes --force not-fenced
              clusterip takeover node3 --settle 5m
            """)

    @Argument(help: "The dead node.") var node: String

    @Option(help: "The node that gets everything. Default: all live nodes, evenly.") var to: String?

    @OptionGroup var options: PlanOptions

    func run() throws {
        try PlanCommandBody(options: options).run(choosesNodes: true) { _ in .takeOver(node, to: to) }
    }
}
