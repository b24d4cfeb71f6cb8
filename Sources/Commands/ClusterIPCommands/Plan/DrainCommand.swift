import ArgumentParser
import Planning

/// `clusterip drain`: take every bucket from a node.
struct DrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Take every bucket from a node, for maintenance.",
        discussion: """
            Its buckets go to the other live nodes, evenly; no other bucket moves. `clusterip restore` brings it back.

            \(PlanOptions.help)

            Examples:
              clusterip drain node1 --reason "new disk"
              clusterip drain node1 --wait 10m --yes && ssh node1 reboot
              clusterip drain node1 --wait 10m --then reset
              clusterip drain node1 --wait 1h --yes --format ndjson | jq -c .event
            """)

    @Argument(help: "The node that is to answer nothing any more.") var node: String

    @OptionGroup var mode: ModeOption

    @OptionGroup var options: PlanOptions

    func run() throws {
        try PlanCommandBody(options: options).run(choosesNodes: true) { _ in .drain(node, mode: mode.moveMode) }
    }
}
