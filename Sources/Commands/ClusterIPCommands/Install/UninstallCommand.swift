import AgentProtocol
import ArgumentParser
import ClusterModel
import Responsibility

/// `clusterip uninstall`: end the membership of the nodes of a cluster file.
struct UninstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Remove the cluster from its nodes: table, ARP rewrite, MAC and address.",
        discussion: """
            Without --node the cluster ends: clients get no answer from then on. With --node only nodes leave that own \
            nothing and keep no connection; `clusterip drain NODE --wait 10m` brings a node there. Only what \
            `clusterip install` made on a node is removed.

            Examples:
              clusterip uninstall --cluster web --really web
              clusterip uninstall --cluster web --node node3 --really web

            \(ExitStatus.help)
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: ArgumentHelp("Only this node, which must own nothing; may be repeated.", valueName: "node"))
    var node: [String] = []

    @Option(help: "Must be the cluster's name, so that nothing ends by mistake.") var really: String

    func run() throws {
        try Console.run {
            let file = try cluster.load()
            guard really == file.name else {
                throw CommandError(
                    "not done: --really \(really.madeSafe(limit: 64)) is not the name of the cluster, \(file.name)")
            }
            guard let address = file.address else { throw CommandError("the cluster file names no address") }
            for name in node where !file.nodes.contains(where: { $0.name == name }) {
                throw CommandError("there is no node \(name.madeSafe(limit: 64)) in the cluster file")
            }
            let connection = try ClusterConnection(file)
            defer { connection.close() }
            let results = try connection.ask { name in
                node.isEmpty ? .uninstall(address) : node.contains(name) ? .leave(address) : nil
            }
            let status = NodeResults(results).report { "\($0) is no longer a member" }
            for (name, result) in results {
                guard case .failure(let failure) = result, failure.code == .stillOwner else { continue }
                Console.complain("remedy: clusterip drain \(name) --wait 10m")
            }
            return status
        }
    }
}
