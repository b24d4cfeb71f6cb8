import ClusterModel
import NodeLinks
import PlainYAML
import Responsibility
import Yams

/// A cluster file: the nodes of one cluster and how each is reached.
///
///     name: web
///     address: 10.8.0.1
///     nodes:
///       - name: node1
///         link: local
///       - name: node2
///         link: { ssh: { host: node2.example.net, user: ops, sudo: true } }
package struct ClusterFile: Hashable {
    /// One node of the file.
    package struct Node: Hashable {
        package var name: String
        package var link: LinkTarget
    }

    /// The most nodes of a cluster; each has a link of its own, which is a process here.
    private static let nodeLimit = 256

    /// The cluster's name, for people.
    package var name: String
    /// The cluster address; nil: the first that a node shows.
    package var address: IPAddress?
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
        guard let list = root["nodes"]?.sequence, !list.isEmpty else {
            throw wrong("nodes: a list of nodes is missing")
        }
        guard list.count <= Self.nodeLimit else {
            throw wrong("nodes: there are \(list.count); \(Self.nodeLimit) at most are possible")
        }
        nodes = []
        for (index, entry) in list.enumerated() {
            do throws(CommandError) {
                let node = try ClusterFile.Node(entry, number: index + 1)
                guard !nodes.contains(where: { $0.name == node.name }) else {
                    throw CommandError("\(node.name) is listed twice")
                }
                nodes.append(node)
            } catch { throw wrong("nodes: \(error.description)") }
        }
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
