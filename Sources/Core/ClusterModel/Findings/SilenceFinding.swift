import Responsibility

/// A node that says nothing of the cluster address, or says it late.
public enum SilenceFinding: Hashable, Sendable {
    /// The node is out of reach, and its buckets have no owner since.
    case unserved(LinkFailure?)
    /// The node is out of reach; whether it was ever heard, and which buckets have no owner that is known.
    case unreachable(LinkFailure?, wasHeard: Bool, orphans: BucketSet)
    /// The node's last sample is old.
    case stale(LinkFailure?)
    /// The node carries the address without a table; whether it had one while it was watched, and whether a guard keeps it
    /// silent.
    case tableFlushed(IPAddress, hadTable: Bool, isGuarded: Bool = false)
    /// The node carries the address without the rules by which this driver enforces it; whether it had some while it was
    /// watched.
    case rulesMissing(IPAddress, driver: String, hadRules: Bool)
    /// The node has neither address nor table; whether it had both while it was watched.
    case notAMember(IPAddress, wasMember: Bool)
    /// The node has neither the address nor rules of this driver; whether it had both while it was watched.
    case noPart(IPAddress, driver: String, hadPart: Bool)

    /// The stable name.
    public var code: String {
        switch self {
        case .unserved: "unserved"
        case .unreachable: "node_unreachable"
        case .stale: "node_stale"
        case .tableFlushed: "table_flushed"
        case .rulesMissing: "rules_missing"
        case .notAMember, .noPart: "not_a_member"
        }
    }

    /// How bad it is.
    public var severity: Finding.Severity {
        switch self {
        case .tableFlushed(_, _, isGuarded: true): .warning
        case .unserved, .tableFlushed, .rulesMissing: .critical
        case .unreachable, .stale, .notAMember, .noPart: .warning
        }
    }
}

extension ClusterSnapshot {
    /// What is known of a node that says nothing of the cluster address.
    func silenceFindings(of node: NodeStatus) -> [Finding] {
        switch node.state {
        case .unreachable: [unreachable(node)]
        case .live: [node.isBare ? bare(node) : notAMember(node)]
        case .connecting where node.failure != nil: [unreachable(node)]
        case .connecting, .stale: []
        }
    }

    /// A node whose last sample is late.
    func lateFindings(of node: NodeStatus) -> [Finding] {
        guard node.state == .stale else { return [] }
        let remedy = Remedy.mendLink(node: node.name, node.failure)
        return [Finding(.silence(.stale(node.failure)), node: node.name, remedy: remedy)]
    }

    private func unreachable(_ node: NodeStatus) -> Finding {
        let unserved = unserved(of: node)
        let mending = Remedy.mendLink(node: node.name, node.failure)
        guard unserved.isEmpty else {
            return Finding(
                .silence(.unserved(node.failure)), node: node.name, buckets: unserved,
                remedy: .ifDead(node: node.name, .takeOver(node: node.name), otherwise: mending))
        }
        return Finding(
            .silence(.unreachable(node.failure, wasHeard: node.sample != nil, orphans: orphans)), node: node.name,
            remedy: mending)
    }

    private func bare(_ node: NodeStatus) -> Finding {
        let (address, wasHeard) = (configuration.address, node.lost != nil)
        let silence: SilenceFinding =
            foreignMechanism(of: node).map { .rulesMissing(address, driver: $0, hadRules: wasHeard) }
            ?? .tableFlushed(address, hadTable: wasHeard, isGuarded: node.isGuarded)
        return Finding(
            .silence(silence), node: node.name,
            buckets: node.lost?.ownership.accepting ?? [], changes: changes(of: [node]),
            remedy: orphans.isEmpty && !isWithoutTables ? .reinstall(node: node.name) : orphanRemedy)
    }

    private func notAMember(_ node: NodeStatus) -> Finding {
        let (address, wasHeard) = (configuration.address, node.lost != nil)
        let silence: SilenceFinding =
            foreignMechanism(of: node).map { .noPart(address, driver: $0, hadPart: wasHeard) }
            ?? .notAMember(address, wasMember: wasHeard)
        return Finding(
            .silence(silence), node: node.name,
            buckets: node.lost?.ownership.accepting ?? [], changes: changes(of: [node]),
            remedy: .join(node: node.name))
    }

    /// Whether every node that is heard has lost its table, so that no kernel knows the settings any more.
    var isWithoutTables: Bool { nodes.allSatisfy { $0.sample == nil || $0.state == .unreachable } }

    /// What makes the cluster anew as it was last seen.
    var reinstallation: Remedy {
        let owned = nodes.compactMap { node in
            (node.lost ?? node.sample).map { (node.name, $0.ownership.accepting) }
        }
        return .install(configuration, owned: Dictionary(owned) { first, _ in first }.filter { !$0.value.isEmpty })
    }
}
