import ArgumentParser
import Planning

/// `clusterip adopt`: end the wait of clients whose connections a node has forgotten.
struct AdoptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt", abstract: "Let in connections that a node has forgotten: they go on, or are reset.",
        discussion: """
            A node whose connection tracking was emptied drops the segments of every connection that it had, and those
            clients wait in vain. While the node adopts its own buckets, such segments are let in: connections whose sockets
            still live go on, all others are reset, so that their clients connect again. Buckets of which another node keeps
            connections are left alone. After --settle, 30 s unless it is given, the buckets are owned as before.

            \(PlanOptions.help)

            Examples:
              clusterip adopt
              clusterip adopt node2
              clusterip adopt node2 --settle 2m --yes --force unknown-connections
            """)

    @Argument(help: "The node that finding connections_lost names; every such node unless given.") var node: String?

    @OptionGroup var options: PlanOptions

    func run() throws {
        var body = PlanCommandBody(options: options)
        if options.closing.settle == nil { body.closing?.settle = TimeSpan(seconds: 30) }
        try body.run(measuring: 3) { _ in .adopt(node) }
    }
}
