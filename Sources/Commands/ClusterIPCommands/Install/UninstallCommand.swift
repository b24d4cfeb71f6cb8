import ArgumentParser
import ClusterModel
import Planning

/// `clusterip leave`: end one node's membership.
struct LeaveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leave", abstract: "End the membership of a node that owns nothing.",
        discussion: """
            The node must own no bucket and keep no connection: `clusterip drain NODE --wait 10m` brings it there. Only \
            what made it a member is removed. `clusterip join NODE` makes it one again.

            \(MemberHelp.plan)

            Example:
              clusterip drain node3 --wait 10m --yes && clusterip leave node3

            \(ExitStatus.help)
            """)

    @Argument(help: "The node.") var node: String

    @OptionGroup var consent: ConsentOptions

    func run() throws { try PlanCommandBody(consent).run { _ in .leave(node) } }
}

/// `clusterip uninstall`: end the membership of the nodes of a cluster file.
struct UninstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Remove the cluster from its nodes: table, ARP rewrite, MAC and address.",
        discussion: """
            The cluster ends: clients get no answer from then on. Only what `clusterip install` made on a node is removed. \
            A single node leaves with `clusterip leave NODE`, which --node stands for.

            \(MemberHelp.plan)

            Example:
              clusterip uninstall --cluster web --really web

            \(ExitStatus.help)
            """)

    @OptionGroup var consent: ConsentOptions

    @Option(help: ArgumentHelp("Only this node, which must own nothing; may be repeated.", valueName: "node"))
    var node: [String] = []

    @Option(help: "Must be the cluster's name, so that nothing ends by mistake; it stands for the yes.")
    var really: String

    func run() throws {
        try CommandIO.run {
            let file = try consent.cluster.load()
            guard really == file.name else {
                throw CommandError(
                    "not done: --really \(really.madeSafe(limit: 64)) is not the name of the cluster, \(file.name)")
            }
            var body = PlanCommandBody(consent)
            body.isAgreed = true
            if node.isEmpty { return try body.carryOut { _ in .end } }
            var worst = ExitStatus.done
            for name in node {
                let status = try body.carryOut { _ in .leave(name) }
                if status != .done { worst = status }
            }
            return worst
        }
    }
}
