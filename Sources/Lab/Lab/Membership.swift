import ClusterModel

/// Makes a node a member of the cluster: cluster address, cluster MAC, ARP and the nftables table.
struct Membership {
    /// The node's number, from 1.
    let number: Int
    let options: LabOptions

    /// The agent's command line and what it gets on its standard input; nil leaves the node without membership.
    func installCommand() throws(LabError) -> (arguments: [String], input: String)? { nil }

    /// Runs the agent on this node.
    func install() throws(LabError) {
        guard let command = try installCommand() else { return }
        try Tool.run(command.arguments, input: command.input, package: "clusterip")
    }
}
