import ClusterModel
import Responsibility
import Wording

/// Who may become a member of a cluster, by what its nodes say: what others own is never claimed, and settings are equal.
struct Admission {
    /// The nodes that have no table and get one.
    let joining: Set<String>
    /// The nodes that are members already.
    let members: [String]
    /// Whether no node is a member, so that every bucket can be given out.
    var isNew: Bool { members.isEmpty }

    /// Checks what was asked for.
    ///
    /// - Parameter given: the buckets that the operator named for nodes; nil when none were named.
    /// - Throws: `CommandError` that names the node and the value which stand in the way.
    init(
        of configuration: ClusterConfiguration, nodes: [NodeStatus], given: InstallShares?, driver: String? = nil,
        forced: [String]
    ) throws(CommandError) {
        let living = nodes.filter { $0.state == .live && $0.sample?.configuration.address == configuration.address }
        for node in living { try Self.compare(configuration, with: node) }
        members = living.map(\.name)
        joining = Set(nodes.filter { $0.state == .live }.map(\.name)).subtracting(members)
        for node in nodes where joining.contains(node.name) {
            guard let obstacle = node.obstacle(driver: driver, to: configuration) else { continue }
            throw CommandError("nothing was changed: \(node.name) cannot join: \(obstacle.sentence)")
        }
        let silent = nodes.filter { $0.state != .live }.map(\.name)
        guard silent.isEmpty || forced.contains("silent-nodes") else {
            throw CommandError(
                "nothing was changed: \(silent.joined(separator: ", ")) cannot be asked and may own buckets. "
                    + "When nothing there answers clients: --force silent-nodes")
        }
        guard let given else { return }
        for owner in living {
            for node in nodes where node.name != owner.name {
                let both = given.buckets(of: node.name).intersection(owner.ownership.accepting)
                guard both.isEmpty else {
                    throw CommandError(
                        "nothing was changed: \(owner.name) owns bucket \(both.summary), which --own gives to "
                            + "\(node.name); to move it: clusterip move \(both) --to \(node.name)")
                }
            }
        }
    }

    private static func compare(_ wanted: ClusterConfiguration, with node: NodeStatus) throws(CommandError) {
        guard let there = node.sample?.configuration else { return }
        let settings: [(option: String, wanted: String, there: String)] = [
            ("--hashmode", wanted.scheme.name, there.scheme.name),
            ("--total-nodes", "\(wanted.bucketCount)", "\(there.bucketCount)"),
            ("--hash-init", wanted.scheme.seedText, there.scheme.seedText),
            ("--mac", "\(wanted.mac)", "\(there.mac)"),
        ]
        for setting in settings where setting.wanted != setting.there {
            throw CommandError(
                "nothing was changed: \(setting.option) \(setting.wanted) differs from \(node.name), which has "
                    + "\(setting.there); all nodes of a cluster must be equal")
        }
    }
}
