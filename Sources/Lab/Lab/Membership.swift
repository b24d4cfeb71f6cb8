import AgentProtocol
import ClusterModel
import Responsibility

/// Makes a node a member of the cluster: cluster address, cluster MAC, ARP and the nftables table.
struct Membership {
    /// The node's number, from 1.
    let number: Int
    let options: LabOptions
    /// Whether the node comes back into a lab that is up: then it owns nothing.
    var isBoot = false

    /// The agent's command line and what it gets on its standard input.
    func installCommand() throws(LabError) -> (arguments: [String], input: String) {
        guard !isBoot else { return ([try Self.agent(), "member", "-"], settings) }
        let configuration = LabNetwork.configuration(options)
        let calls: [AgentCall] = [
            .install(configuration, owned: LabNetwork.initialBuckets(node: number, options: options)),
            .enroll(configuration.address, adding: names, removing: []),
        ]
        let lines = calls.enumerated().flatMap { AgentFrame.call($0.offset + 1, $0.element).line() }
        return ([try Self.agent(), "--strict"], String(decoding: lines, as: UTF8.self))
    }

    private var names: [String] {
        (1...options.nodes).filter { options.kind(ofNode: $0) == .nftables }.map(LabNetwork.nodeName)
    }

    /// What the file of a node says that boots, as its unit reads it.
    var settings: String {
        """
        name: lab
        address: \(LabNetwork.clusterAddress)/\(LabNetwork.prefixLength)
        interface: \(LabNetwork.interface)
        mac: \(LabNetwork.clusterMAC)
        hashmode: \(options.scheme.name)
        total_nodes: \(options.bucketCount)
        hash_init: \(options.scheme.seedText)
        members: [\(names.joined(separator: ", "))]

        """
    }

    /// The agent's executable, beside this one.
    static func agent() throws(LabError) -> String {
        guard let executable = ProcessFacts.executable(), let slash = executable.lastIndex(of: "/") else {
            throw LabError("cannot find this program in /proc/self/exe; is /proc mounted?")
        }
        return executable[...slash] + "clusterip-agent"
    }

    /// Runs the agent on this node.
    func install() throws(LabError) {
        guard options.kind(ofNode: number) == .nftables else {
            // One that comes back waits for whoever writes its rules.
            return isBoot ? () : try ForeignRules(number: number, options: options).install()
        }
        let command = try installCommand()
        do throws(LabError) {
            try Tool.run(command.arguments, input: command.input, origin: "it belongs beside this program")
        } catch {
            throw LabError("\(LabNetwork.nodeName(number)): \(error.description)")
        }
    }
}
