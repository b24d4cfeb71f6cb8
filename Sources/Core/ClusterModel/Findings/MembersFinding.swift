/// A difference between the members that a node's kernel lists and those of the cluster file.
public enum MembersFinding: Hashable, Sendable {
    /// The kernel lists members that the cluster file does not have: they may own buckets.
    case strangers([String])
    /// The kernel's list lacks members.
    case lacking([String])
    /// The kernel lists nodes as members that have no table.
    case former([String])

    /// The stable name.
    public var code: String {
        switch self {
        case .strangers: "members_unknown"
        case .lacking, .former: "members_differ"
        }
    }

    /// How bad it is.
    public var severity: Finding.Severity {
        switch self {
        case .strangers: .warning
        case .lacking, .former: .notice
        }
    }
}

extension ClusterSnapshot {
    /// Where a node's list of members is not that of the cluster; a table that lists none is left alone.
    func membersFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        guard let listed = sample.notes.members.map(Set.init) else { return [] }
        let known = Set(nodes.map(\.name))
        let members = Set(nodes.filter { $0.sample?.capabilities.can(.membership) == true }.map(\.name))
        let former = nodes.filter { $0.state == .live && $0.sample == nil && listed.contains($0.name) && !$0.isBare }
            .map(\.name)
        var found: [(MembersFinding, Remedy)] = []
        let strangers = listed.subtracting(known).sorted()
        if !strangers.isEmpty { found.append((.strangers(strangers), .addToFile(strangers))) }
        let lacking = members.subtracting(listed).sorted()
        if !lacking.isEmpty { found.append((.lacking(lacking), .reinstall(node: node.name))) }
        if let first = former.first { found.append((.former(former), .join(node: first))) }
        return found.map { Finding(.members($0), node: node.name, remedy: $1) }
    }
}
