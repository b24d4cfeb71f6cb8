import ArgumentParser
import ClusterModel
import NodeLinks
import PlainYAML
import Responsibility
import Yams

/// A cluster file: the nodes of one cluster and how each is reached.
///
///     name: web
///     address: 10.8.0.1
///     theme: production
///     nodes:
///       - name: node1
///         link: local
///       - name: node2
///         link: { ssh: { host: node2.example.net, user: ops, sudo: true } }
///         read_only: true
///
/// `read_only` stands for the whole file, too; a node's own word counts more.
package struct ClusterFile: Hashable {
    /// One node of the file.
    package struct Node: Hashable {
        package var name: String
        package var link: LinkTarget
        /// Whether its agent is started to refuse every change.
        package var isReadOnly = false
    }

    /// The most nodes of a cluster; each has a link of its own, which is a process here.
    private static let nodeLimit = 256

    /// The cluster's name, for people.
    package var name: String
    /// The cluster address; nil: the first that a node shows.
    package var address: IPAddress?
    /// How consoles show it; nil: as they show others.
    package var theme: String?
    /// The nodes, in the file's order.
    package var nodes: [Node]

    /// Reads YAML text.
    ///
    /// - Throws: `CommandError` that names the key and what would be right.
    package init(yaml text: String, path: String) throws(CommandError) {
        func wrong(_ what: String) -> CommandError { CommandError("\(path): \(what)") }
        let node: Yams.Node?
        do { node = try PlainYAML.compose(text) } catch {
            throw wrong("this is not YAML: \(error)".madeSafe(limit: 300))
        }
        guard let root = node?.mapping else { throw wrong("a cluster file has the keys name, address and nodes") }
        name = (root["name"]?.string ?? "cluster").madeSafe(limit: 64)
        if let text = root["address"]?.string {
            guard let address = IPAddress(text) else {
                throw wrong("address: \"\(text.madeSafe(limit: 40))\" is not an address such as 10.8.0.1")
            }
            self.address = address
        }
        if let theme = root["theme"] {
            guard let name = theme.string, !name.isEmpty else {
                throw wrong("theme: a theme's name or file is missing")
            }
            self.theme = name.madeSafe(limit: 200)
        }
        guard let list = root["nodes"]?.sequence, !list.isEmpty else {
            throw wrong("nodes: a list of nodes is missing")
        }
        guard list.count <= Self.nodeLimit else {
            throw wrong("nodes: there are \(list.count); \(Self.nodeLimit) at most are possible")
        }
        let isReadOnly: Bool
        do throws(CommandError) { isReadOnly = try Self.isReadOnly(root, nil) ?? false } catch {
            throw wrong(error.description)
        }
        nodes = []
        for (index, entry) in list.enumerated() {
            do throws(CommandError) {
                var node = try ClusterFile.Node(entry, number: index + 1)
                node.isReadOnly = try Self.isReadOnly(entry.mapping, node.name) ?? isReadOnly
                guard !nodes.contains(where: { $0.name == node.name }) else {
                    throw CommandError("\(node.name) is listed twice")
                }
                nodes.append(node)
            } catch { throw wrong("nodes: \(error.description)") }
        }
    }
}

extension ClusterFile {
    /// What `read_only` says of a node or, for nil, of the file; nil when it is not there.
    fileprivate static func isReadOnly(_ entry: Yams.Node.Mapping?, _ node: String?) throws(CommandError) -> Bool? {
        guard let value = entry?["read_only"] else { return nil }
        guard let isReadOnly = value.bool else {
            throw CommandError((node.map { "\($0): " } ?? "") + "read_only must be true or false")
        }
        return isReadOnly
    }
}

extension ClusterFile.Node {
    /// Reads one entry of the list; the error names the key below `nodes` and what would be right.
    fileprivate init(_ entry: Yams.Node, number: Int) throws(CommandError) {
        guard let name = entry.mapping?["name"]?.string?.madeSafe(limit: 64), !name.isEmpty else {
            throw CommandError("entry \(number) has no name")
        }
        guard let link = LinkTarget(yaml: entry.mapping?["link"], node: name) else {
            throw CommandError("\(name): link must be \(LinkTarget.forms)")
        }
        self.init(name: name, link: link)
    }
}

extension LinkTarget {
    /// The forms of a link in a cluster file, for the sentence about one that has none of them.
    static let forms =
        "`local`, `ssh`, `{ ssh: HOST }`, `{ ssh: { host: HOST, user: USER, port: PORT, sudo: true, agent: PATH } }` "
        + "`{ namespace: { pid: NUMBER } }` or `{ namespace: { path: /DIRECTORY } }`"

    /// Reads the link of a node; plain `ssh` goes to the host of the node's name; nil when it has no such form.
    init?(yaml node: Yams.Node?, node name: String) {
        if node?.string == "local" {
            self = .local
        } else if node?.string == "ssh", let target = SSHTarget(host: name) {
            self = .ssh(target)
        } else if let ssh = node?.mapping?["ssh"], let target = Self.ssh(ssh, name) {
            self = .ssh(target)
        } else if let namespace = node?.mapping?["namespace"]?.mapping, let path = Self.path(namespace) {
            let runner = namespace["through"]?.string
            guard runner?.hasPrefix("/") != false else { return nil }
            self = .namespace(path: path, user: namespace["user"]?.bool ?? false, through: runner)
        } else {
            return nil
        }
    }

    /// The directory with the namespaces of a process, or one that a file names.
    private static func path(_ namespace: Yams.Node.Mapping) -> String? {
        if let path = namespace["path"]?.string { return path.hasPrefix("/") ? path : nil }
        guard let text = namespace["pid"]?.string, let pid = Int32(text), pid > 0 else { return nil }
        return LinkTarget.namespaces(of: pid)
    }

    private static func ssh(_ node: Yams.Node, _ name: String) -> SSHTarget? {
        if let host = node.string { return SSHTarget(host: host) }
        guard let parts = node.mapping else { return nil }
        var port: UInt16?
        if let text = parts["port"]?.string {
            guard let number = UInt16(text) else { return nil }
            port = number
        }
        return SSHTarget(
            host: parts["host"]?.string ?? name, user: parts["user"]?.string, port: port,
            usesSudo: parts["sudo"]?.bool ?? false, agent: parts["agent"]?.string ?? "clusterip-agent")
    }
}

/// Which cluster a command is about.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The name of a cluster file in ~/.config/clusterip/clusters, or a path with a /. Default: $CLUSTERIP_CLUSTER, the running lab, or the only one there.",
            valueName: "file|name"))
    var cluster: String?

    /// Reads the cluster file.
    func load() throws(CommandError) -> ClusterFile {
        let path = try ClusterLocator.path(of: cluster)
        return try ClusterFile(yaml: Files.text(path, what: "cluster file"), path: path)
    }
}
