import ClusterModel
import Glibc
import Responsibility

/// A lab that is up, as its supervisor wrote it down; all process ids are those seen from outside.
public struct LabState: Hashable, Sendable, Codable {
    /// A process that holds a network namespace.
    public struct Member: Hashable, Sendable, Codable {
        /// "node1", … or "client".
        public var name: String
        /// The process.
        public var pid: Int32

        /// A member.
        public init(name: String, pid: Int32) {
            self.name = name
            self.pid = pid
        }
    }

    /// The lab's directory.
    public var directory: String
    /// The process whose end ends the lab.
    public var supervisor: Int32
    /// When the supervisor started, in clock ticks after boot: field 22 of `/proc/PID/stat`.
    public var startTime: UInt64
    /// Whether the lab lives in a user namespace, because it was not made by root.
    public var hasUserNamespace: Bool
    /// What was asked for.
    public var options: LabOptions
    /// The nodes, in order.
    public var nodes: [Member]
    /// The client.
    public var client: Member

    /// The path of the cluster file.
    public var clusterFile: String { directory + "/cluster.yaml" }

    /// The node or client with a name.
    public func member(named name: String) -> Member? { (nodes + [client]).first { $0.name == name } }

    /// The command line that starts a program in a member's namespaces; no process stays between caller and program.
    public func enterArguments(_ member: Member) -> [String] {
        let namespaces = Self.namespaces(of: member.name, in: directory)
        let user = hasUserNamespace ? ["--user=\(namespaces)/user", "--preserve-credentials"] : []
        return ["nsenter", "--net=\(namespaces)/net"] + user + ["--"]
            + (hasGuest(member) ? [runner(of: member.name)] : [])
    }

    /// Whether a node has a kernel of its own, beside the network namespace.
    private func hasGuest(_ member: Member) -> Bool {
        nodes.firstIndex(of: member).map { options.release(ofNode: $0 + 1) != nil } ?? false
    }

    /// The program that runs another one in the kernel of a node.
    private func runner(of name: String) -> String { "\(directory)/\(name)/run" }

    /// Writes that program.
    func writeRunner(of name: String) throws(LabError) {
        let words = try GuestCommand.arguments([]).map(ShellWord.quoted).joined(separator: " ")
        try LabDirectory.replace(runner(of: name), with: Array("#!/bin/sh\nexec \(words) \"$@\"\n".utf8))
        chmod(runner(of: name), 0o700)
    }

    /// Where the namespaces of a member have names, `net` and `user`, for as long as it lives; below a lab's directory.
    static func namespaces(of name: String, in directory: String) -> String { "\(directory)/\(name)/ns" }

    enum CodingKeys: String, CodingKey {
        case directory, supervisor, options, nodes, client
        case startTime = "start_time"
        case hasUserNamespace = "user_namespace"
    }
}

extension LabState {
    /// The cluster file: which nodes there are and how to reach them, as YAML.
    public var clusterFileText: String {
        var lines = ["name: lab", "address: \(LabNetwork.clusterAddress)", "nodes:"]
        for node in nodes {
            lines.append("  - name: \(node.name)")
            let path = Self.namespaces(of: node.name, in: directory)
            let through = hasGuest(node) ? ", through: \(runner(of: node.name))" : ""
            lines.append("    link: {namespace: {path: \(path), user: \(hasUserNamespace)\(through)}}")
        }
        lines += [
            "lab:", "  supervisor: {pid: \(supervisor), start_time: \(startTime)}", "  client: {pid: \(client.pid)}",
            "  buckets: \(options.bucketCount)", "  hash_mode: \(options.scheme.name)",
            "  hash_init: \(options.scheme.seedText)", "  traffic: \(options.hasTraffic)",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
