import AgentProtocol
import ArgumentParser
import ClusterModel

/// `clusterip announce`: tell neighbours the cluster MAC.
struct AnnounceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "announce", abstract: "Tell the neighbours of the nodes the cluster MAC, by ARP.",
        discussion: """
            A neighbour that has learnt a node's own MAC for the cluster address sends everything to that node alone; the \
            finding neighbours_misled names it. An announcement corrects that. Agents announce by themselves after an \
            install, join or reinstall, and while they are watched. Some routers ignore announcements, above all of a \
            multicast MAC: such a router needs a static ARP entry.

            \(ExitStatus.help)

            Examples:
              clusterip announce
              clusterip announce node2 --cluster web
            """)

    @OptionGroup var cluster: ClusterOptions

    @Argument(help: "Only this node. Default: all members.") var node: String?

    func run() throws {
        try CommandIO.run {
            let connection = try ClusterConnection(cluster.load())
            defer { connection.close() }
            let snapshot = try connection.awaitedSnapshot()
            if let node, snapshot.index(ofNode: node) == nil {
                throw CommandError(
                    "there is no node \(node.madeSafe(limit: 64)) in \(connection.file.name); it has "
                        + snapshot.nodes.map(\.name).joined(separator: ", "))
            }
            let members = Set(snapshot.nodes.filter { $0.state == .live && $0.sample != nil }.map(\.name))
            let answers = try connection.ask { name in
                members.contains(name) && (node == nil || node == name)
                    ? .announce(snapshot.configuration.address) : nil
            }
            return try report(answers, snapshot.configuration)
        }
    }

    private func report(
        _ answers: [(name: String, result: Result<AgentResult, AgentFailure>)], _ cluster: ClusterConfiguration
    ) throws(CommandError) -> ExitStatus {
        guard !answers.isEmpty else {
            throw CommandError("\(node ?? "no node") is no live member; nothing was announced")
        }
        var failed = 0
        for (name, result) in answers {
            switch result {
            case .success: CommandIO.print("\(name) announced that \(cluster.address) is at \(cluster.mac)\n")
            case .failure(let failure):
                failed += 1
                CommandIO.complain("\(name): \(failure.message.madeSafe(limit: 300))")
            }
        }
        return failed == 0 ? .done : .failed
    }
}
