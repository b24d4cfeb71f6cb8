import AgentProtocol
import ArgumentParser
import ClusterModel
import Observation
import Reactor

/// `clusterip reinstall`: rebuild a node's table, MAC and address.
struct ReinstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reinstall", abstract: "Rebuild a node's table, MAC and address with the settings of the others.",
        discussion: """
            For a node whose rules were altered or flushed, or whose settings differ. What is there is removed first; the \
            node then has the settings of most nodes, and answers what it answered before, unless another node does. \
            Its counters begin at 0.

            Example:
              clusterip reinstall node2

            \(ExitStatus.help)
            """)

    @Argument(help: "The node.") var node: String

    @OptionGroup var cluster: ClusterOptions

    @Flag(help: "Do it without asking.") var yes = false

    func run() throws {
        try Console.run {
            let connection = try ClusterConnection(cluster.load())
            defer { connection.close() }
            let snapshot = try connection.settledSnapshot()
            let (index, configuration, owned) = try wanted(snapshot)
            Console.print(
                "\(node) will be rebuilt with \(configuration.address)/\(configuration.prefixLength) and \(configuration.mac) on "
                    + "\(configuration.interface), \(configuration.placementText); it answers "
                    + "\(owned.isEmpty ? "nothing" : owned.description)\n")
            guard yes || Console.canAsk else {
                throw CommandError("standard input is not a terminal, so the question cannot be asked: add --yes")
            }
            guard yes || connection.ask("\nType yes to do it: ")?.lowercased() == "yes" else { return .declined }
            let install = AgentCall.install(configuration, owned: owned)
            // An older table is replaced in one transaction; any other must be removed first.
            if snapshot.nodes[index].sample != nil, connection.failure(of: install, node: index) != nil {
                try connection.done(.uninstall(configuration.address), node: index, name: node)
                try connection.done(install, node: index, name: node)
            } else if snapshot.nodes[index].sample == nil {
                try connection.done(install, node: index, name: node)
            }
            Console.print("done: \(node)\n")
            return .done
        }
    }

    private func wanted(_ snapshot: ClusterSnapshot) throws(CommandError) -> (Int, ClusterConfiguration, BucketSet) {
        guard let index = snapshot.index(ofNode: node) else {
            throw CommandError(
                "there is no node \"\(node)\": the nodes are \(snapshot.nodes.map(\.name).joined(separator: ", "))")
        }
        let status = snapshot.nodes[index]
        guard status.state == .live else {
            throw CommandError("\(node) is \(status.state.rawValue)\(status.reason.map { ": \($0)" } ?? "")")
        }
        var configuration = snapshot.configuration
        configuration.interface = status.sample?.configuration.interface ?? configuration.interface
        let others = snapshot.nodes.filter { $0.name != node }
            .reduce(BucketSet()) { $0.union($1.ownership.accepting) }
        let owned = BucketSet(status.ownership.owned.filter { $0 <= configuration.bucketCount })
        return (index, configuration, owned.subtracting(others))
    }
}

extension ClusterConnection {
    /// Asks a node for something that is done or refused.
    fileprivate func done(_ call: AgentCall, node index: Int, name: String) throws(CommandError) {
        if let failure = failure(of: call, node: index) { throw CommandError("\(name): \(failure.message)") }
    }

    /// Why a node did not do what it was asked for; nil when it did.
    fileprivate func failure(of call: AgentCall, node index: Int) -> AgentFailure? {
        var failure: AgentFailure?
        fleet.call(call, node: index) { [reactor] result in
            if case .failure(let why) = result { failure = why }
            reactor.stop()
        }
        reactor.run()
        return failure
    }
}
