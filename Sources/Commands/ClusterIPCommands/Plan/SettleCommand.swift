import ArgumentParser
import Planning

/// `clusterip settle`: end what moves have left behind.
struct SettleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settle", abstract: "End draining and adopting: what moves have left behind.",
        discussion: """
            A node drains a bucket that it gave up until its TCP connections have ended; a node resets connections of a \
            bucket that it adopted from a dead one. Nothing moves here: buckets that drain and have no connections left \
            are let go, the others are waited for (--wait), and adopted buckets become owned.

            \(PlanOptions.help)

            Examples:
              clusterip settle
              clusterip settle node1 --wait 10m
              clusterip settle node1 --wait 10m --then reset --yes --force connections-reset
            """)

    @Argument(help: "Only on this node. Default: on all live nodes.") var node: String?

    @OptionGroup var options: PlanOptions

    func run() throws {
        try PlanCommandBody(options: options).run { _ in .finalize(node) }
    }
}
