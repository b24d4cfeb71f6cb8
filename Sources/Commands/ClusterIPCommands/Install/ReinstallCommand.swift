import ArgumentParser
import Planning

/// `clusterip reinstall`: rebuild a node's table, MAC and address.
struct ReinstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reinstall", abstract: "Rebuild a node's table, MAC and address with the settings of the others.",
        discussion: """
            For a node whose rules were altered or flushed, or whose settings differ. The node gets the settings of most \
            nodes. A table that is there is replaced in one transaction: the node keeps the buckets that it owns at that \
            moment, their connections and its counters, also while other programs move buckets.

            A node that has lost its table, or hashes in another way, becomes a member that owns nothing. What nobody owns \
            then is given back to it; every other node confirms first that it does not own it.

            \(MemberHelp.plan)

            Examples:
              clusterip reinstall node2
              clusterip reinstall node2 --interface lan0

            \(ExitStatus.help)
            """)

    @Argument(help: "The node.") var node: String

    @OptionGroup var consent: ConsentOptions

    @Option(help: "The interface that carries the address from now on, when it has another name.")
    var interface: String?

    func run() throws {
        try PlanCommandBody(consent).run { _ in .reinstall(node, interface: interface) }
    }
}

/// `clusterip join`: make one node a member like the others.
struct JoinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Make a node a member of a living cluster; it owns nothing at first.",
        discussion: """
            For a new node of the cluster file, and for one that comes back after a reboot. It gets the settings that the \
            other nodes have. Buckets that surely nobody owns become its own; all others stay where they are, until \
            `clusterip restore NODE` gives it its share.

            \(MemberHelp.plan)

            Examples:
              clusterip join node4
              clusterip join node3 --yes && clusterip restore node3

            \(ExitStatus.help)
            """)

    @Argument(help: "The node.") var node: String

    @OptionGroup var consent: ConsentOptions

    @Option(help: "The interface that carries the address, when it is not named as on the other nodes.")
    var interface: String?

    func run() throws {
        try PlanCommandBody(consent).run { _ in .join(node, interface: interface) }
    }
}

/// `clusterip resize`: divide or unite the buckets.
struct ResizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resize", abstract: "Divide every bucket into as many, or unite as many into one.",
        discussion: """
            With twice as many buckets, bucket 3 becomes 5 and 6, on the same node: no flow changes its node, and every \
            connection lives on. So a cluster that has too few buckets to spread its load gets finer ones. It goes node by \
            node; meanwhile some nodes count in the new buckets and some in the old ones, which clients do not notice, and \
            no bucket can be moved. The way back unites buckets that are on one node.

            \(MemberHelp.plan)

            Examples:
              clusterip resize --total-nodes 32
              clusterip resize --total-nodes 16

            \(ExitStatus.help)
            """)

    @OptionGroup var consent: ConsentOptions

    @Option(help: "The new number of buckets: a multiple or a divisor of the present one, at most 65536.")
    var totalNodes: String

    func run() throws {
        try PlanCommandBody(consent).run { (_) throws(CommandError) in
            .resize(Int(try PlacementText.totalNodes(totalNodes)))
        }
    }
}
