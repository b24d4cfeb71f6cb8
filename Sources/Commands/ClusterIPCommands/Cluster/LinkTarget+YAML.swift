import NodeLinks
import Yams

extension LinkTarget {
    /// The forms of a link in a cluster file, for the sentence about one that has none of them.
    static let forms =
        "`local`, `ssh`, `{ ssh: HOST }`, `{ ssh: { host: HOST, user: USER, port: PORT, sudo: true, agent: PATH } }` "
        + "or `{ namespace: { pid: NUMBER } }`"

    /// Reads the link of a node; plain `ssh` goes to the host of the node's name; nil when it has no such form.
    init?(yaml node: Yams.Node?, node name: String) {
        if node?.string == "local" {
            self = .local
        } else if node?.string == "ssh", let target = SSHTarget(host: name) {
            self = .ssh(target)
        } else if let ssh = node?.mapping?["ssh"], let target = Self.ssh(ssh, name) {
            self = .ssh(target)
        } else if let namespace = node?.mapping?["namespace"]?.mapping, let text = namespace["pid"]?.string,
            let pid = Int32(text), pid > 0
        {
            self = .namespace(pid: pid, user: namespace["user"]?.bool ?? false)
        } else {
            return nil
        }
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
