import ArgumentParser
import ClusterModel
import Planning
import Responsibility

/// `clusterip install`: make the nodes of a cluster file members of a cluster.
struct InstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Make every node of a cluster file a member of the cluster.",
        discussion: """
            On each node: the nftables table, the ARP rewrite, the multicast MAC on the interface, and at last the cluster \
            address. Every node begins owning nothing. When no node was a member before, the buckets are then given out; \
            every node confirms first that it does not own them. A node that joins others owns nothing until \
            `clusterip restore NODE` or `clusterip move` gives it buckets; its settings must be those of the others.

            Give --hashmode, --total-nodes and --hash-init of an ipt_CLUSTERIP cluster, and every flow stays where it was.

            \(MemberHelp.plan)

            Example:
              clusterip install --cluster web --address 10.8.0.1/24 --interface eth0 \\
                --mac 01:00:5e:08:00:01 --total-nodes 16 --hash-init 42

            \(ExitStatus.help)
            """)

    @OptionGroup var consent: ConsentOptions

    @Option(help: "The cluster address with its prefix length, such as 10.8.0.1/24.") var address: String

    @Option(help: "The interface that carries it, the same on every node.") var interface: String

    @Option(help: "The cluster MAC; its first octet is odd.") var mac: String

    @Option(help: "What is hashed; cluster-match as xt_cluster and IPaddr2 do.") var hashmode = SchemeName.usual

    @Option(help: "The number of buckets, 1 to 65536.") var totalNodes: String

    @Option(help: "The seed, decimal or 0x hex.") var hashInit = "0"

    @Option(
        help: ArgumentHelp("Buckets of a node; default: even shares in the file's order.", valueName: "node=buckets"))
    var own: [String] = []

    @Option(help: "The driver that enforces ownership on the nodes, such as nftables; default: the agent's first.")
    var driver: String?

    @Flag(
        help: """
            Join the IGMP group that --mac stands for (01:00:5e:08:00:01: 239.8.0.1), so that switches with IGMP snooping \
            forward frames to it.
            """)
    var igmp = false

    func run() throws {
        try CommandIO.run {
            let file = try consent.cluster.load()
            let configuration = try configuration(name: file.name)
            let shares = try InstallShares(
                nodes: file.nodes.map(\.name), total: configuration.bucketCount, given: own)
            var body = PlanCommandBody(consent)
            body.wanted = configuration
            return try body.carryOut { _ in .install(configuration, own: shares.shares, driver: driver) }
        }
    }

    private func configuration(name: String) throws(CommandError) -> ClusterConfiguration {
        let parts = address.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let ip = IPAddress(parts[0]), let prefix = Int(parts[1]),
            (0...ip.family.bitCount).contains(prefix)
        else {
            throw CommandError(
                "\"\(address.madeSafe(limit: 60))\" is not an address with a prefix length, such as 10.8.0.1/24")
        }
        guard let ethernet = MACAddress(mac) else {
            throw CommandError("\"\(mac.madeSafe(limit: 60))\" is not a MAC address, such as 01:00:5e:08:00:01")
        }
        return ClusterConfiguration(
            name: name, address: ip, prefixLength: prefix, interface: interface, mac: ethernet,
            scheme: hashmode.scheme(
                try PlacementText.totalNodes(totalNodes), try PlacementText.hashInit(hashInit)), joinsGroup: igmp)
    }
}

/// What the help of commands about members says in the same words.
enum MemberHelp {
    static let plan = """
        The plan is shown first and asks for a yes, or takes --yes. It is written into the journal: \
        `clusterip journal resume` completes it after a crash, `clusterip journal undo` takes it back where that can be done.
        """
}
