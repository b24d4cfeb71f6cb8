import ArgumentParser
import Planning

/// `clusterip repair`: one owner for every bucket.
struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Give every bucket exactly one owner.",
        discussion: """
            A bucket that nobody answers goes to the node that still drains it, or to the one that has the least. Of \
            several owners all but one release. A dead node's buckets are left to `clusterip takeover`.

            \(PlanOptions.help)

            Examples:
              clusterip repair --dry-run
              clusterip repair --reason "split brain after the switch upgrade"
            """)

    @OptionGroup var options: PlanOptions

    func run() throws {
        try PlanCommandBody(options: options).run(choosesNodes: true) { _ in .repair }
    }
}
