import AgentProtocol
import ArgumentParser
import ClusterModel
import NodeLinks
import Responsibility
import Wording

/// `clusterip reinstall`: rebuild a node's table, MAC and address.
struct ReinstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reinstall", abstract: "Rebuild a node's table, MAC and address with the settings of the others.",
        discussion: """
            For a node whose rules were altered or flushed, or whose settings differ. The node gets the settings of most \
            nodes. A table that is there is replaced in one transaction: the node keeps the buckets that it owns at that \
            moment, their connections and its counters, also while other programs move buckets.

            A node that has lost its table, or hashes in another way, becomes a member that owns nothing. What nobody owns \
            then is given back to it by a plan in which every other node confirms that it does not own it.

            Examples:
              clusterip reinstall node2
              clusterip reinstall node2 --interface lan0

            \(ExitStatus.help)
            """)

    @Argument(help: "The node.") var node: String

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "The interface that carries the address from now on, when it has another name.")
    var interface: String?

    @Flag(help: "Do it without asking.") var yes = false

    func run() throws {
        try Console.run {
            let connection = try ClusterConnection(cluster.load())
            defer { connection.close() }
            let shown = try Reinstallation(of: node, interface: interface, in: connection.awaitedSnapshot())
            Console.print(shown.sentence + "\n")
            guard yes || Console.canAsk else {
                throw CommandError("standard input is not a terminal, so the question cannot be asked: add --yes")
            }
            guard yes || connection.ask("\nType yes to do it: ")?.lowercased() == "yes" else { return .declined }
            // What was shown may be old by now: everything is worked out again from what the nodes say now.
            guard let snapshot = connection.fleet.snapshot else {
                throw CommandError("no node of the cluster could be reached")
            }
            let now = try Reinstallation(of: node, interface: interface, in: snapshot)
            try connection.carryOut(now.call, on: node)
            Console.print("\(node) is a member with the settings of the others\n")
            guard !now.lost.isEmpty else { return .done }
            return try MembershipClaims(connection: connection)
                .claim(for: [node]) { now.lost.contains($0) ? node : nil }
        }
    }
}

/// What a reinstallation of a node has to do, by what the nodes say at one moment.
struct Reinstallation {
    /// The settings that the node gets.
    let configuration: ClusterConfiguration
    /// Whether the node has a table, which is then replaced.
    let hasTable: Bool
    /// What nobody is seen to own once the node is rebuilt, as far as the node is known to have owned it.
    ///
    /// A node whose table was gone before it was watched may have owned anything that nobody owns now.
    let lost: BucketSet
    private let node: String
    private let kept: BucketSet

    /// Works it out.
    ///
    /// - Throws: `CommandError` when there is no such node, or it cannot be asked.
    init(of node: String, interface: String?, in snapshot: ClusterSnapshot) throws(CommandError) {
        guard let index = snapshot.index(ofNode: node) else {
            throw CommandError(
                "there is no node \"\(node.madeSafe(limit: 64))\": the nodes are "
                    + snapshot.nodes.map(\.name).joined(separator: ", "))
        }
        let status = snapshot.nodes[index]
        guard status.state == .live else {
            throw CommandError("\(node) is \(status.state.rawValue)\(status.failure.map { ": \($0.sentence)" } ?? "")")
        }
        var configuration = snapshot.configuration
        configuration.interface = interface ?? status.sample?.configuration.interface ?? configuration.interface
        let others = snapshot.nodes.filter { $0.name != node }
            .reduce(BucketSet()) { $0.union($1.ownership.accepting) }
        let all = BucketSet(1...configuration.bucketCount)
        let held = (status.sample ?? status.lost)?.ownership.accepting ?? all
        let isKept = status.sample?.configuration.scheme == configuration.scheme
        self.node = node
        self.configuration = configuration
        hasTable = status.sample != nil
        kept = isKept ? held : []
        lost = isKept ? [] : held.intersection(all).subtracting(others)
    }

    /// The first thing that is asked of the node.
    var call: AgentCall { hasTable ? .rebuild(configuration) : .install(configuration, owned: []) }

    /// What is going to happen, for the operator.
    var sentence: String {
        let settings =
            "\(configuration.address)/\(configuration.prefixLength) and \(configuration.mac) on "
            + "\(configuration.interface), \(configuration.schemeText)"
        let owning =
            !kept.isEmpty
            ? "it keeps what it owns, now \(kept)"
            : lost.isEmpty
                ? "it owns nothing" : "it owns nothing at first and then gets back \(lost), which nobody owns"
        return "\(node) will be rebuilt with \(settings); \(owning)"
    }
}
