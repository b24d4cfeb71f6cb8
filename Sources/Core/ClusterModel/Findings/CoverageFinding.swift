/// Buckets without exactly one owner, and all buckets on one node.
public enum CoverageFinding: Hashable, Sendable {
    /// No node that was heard owns the buckets; of the nodes `unheard` nothing is known, and `lost` is out of reach.
    /// The nodes `bare` have the cluster address and neither table nor guard, and so answer for all.
    case orphan(unheard: [String], lost: String?, bare: [String] = [])
    /// Two or more nodes own the buckets.
    case conflict(owners: [String])
    /// One node owns everything, and there are others.
    case oneNode(bucketCount: Int)

    /// The stable name.
    public var code: String {
        switch self {
        case .orphan: "orphan"
        case .conflict: "conflict"
        case .oneNode: "one_node"
        }
    }

    /// How bad it is; orphans are no alarm yet while a node is being connected to.
    public var severity: Finding.Severity {
        switch self {
        case .orphan(let unheard, let lost, _): unheard.isEmpty || lost != nil ? .critical : .warning
        case .conflict: .critical
        case .oneNode: .warning
        }
    }
}

extension ClusterSnapshot {
    /// Everything about who owns what.
    var coverageFindings: [Finding] { orphanFindings + conflictFindings + loneOwnerFindings }

    /// Buckets without an owner that a node out of reach owned when it was last heard.
    func unserved(of node: NodeStatus) -> BucketSet {
        node.state == .unreachable ? node.ownership.accepting.intersection(coverage.orphans) : []
    }

    /// Buckets without an owner, of which no node out of reach is known to have had them.
    var orphans: BucketSet { nodes.reduce(coverage.orphans) { $0.subtracting(unserved(of: $1)) } }

    /// What ends orphans: nodes that lost their tables are made anew, and then get back what nobody owns.
    var orphanRemedy: Remedy {
        if isWithoutTables { return reinstallation }
        let bare = bareNames.map { Remedy.reinstall(node: $0) }
        if bare.isEmpty { return .repair }
        return bare.count == 1 ? bare[0] : .inOrder(bare)
    }

    /// The living nodes that have the cluster address and no table.
    private var bareNames: [String] { nodes.filter { $0.isBare && $0.state == .live }.map(\.name) }

    /// Those of them that no guard keeps silent.
    private var answeringNames: [String] {
        nodes.filter { $0.isBare && !$0.isGuarded && $0.state == .live }.map(\.name)
    }

    private var orphanFindings: [Finding] {
        guard !orphans.isEmpty else { return [] }
        let unheard = nodes.filter { $0.sample == nil && ($0.state == .unreachable || $0.state == .connecting) }
        let names = unheard.map(\.name)
        let lost = unheard.first { $0.state == .unreachable }?.name
        let remedy: Remedy =
            if let lost { .ifDead(node: lost, .takeOver(node: lost), otherwise: nil) } else {
                names.isEmpty ? orphanRemedy : .awaitNodes(names)
            }
        return [
            Finding(
                .coverage(.orphan(unheard: names, lost: lost, bare: answeringNames)), buckets: orphans,
                changes: names.isEmpty ? changes(of: nodes) : [], remedy: remedy)
        ]
    }

    /// One finding for each set of owners, since many buckets have the same.
    private var conflictFindings: [Finding] {
        var buckets: [[Int]: BucketSet] = [:]
        for bucket in coverage.conflicts {
            let owners = nodes.indices.filter {
                nodes[$0].state != .unreachable && nodes[$0].ownership.state(of: bucket)?.acceptsNewFlows == true
            }
            buckets[owners, default: []].insert(bucket)
        }
        return buckets.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { indices, buckets in
            let owners = indices.map { nodes[$0] }
            // A node whose sets contradict themselves is made anew first; it keeps what it owns.
            let altered = owners.first { $0.sample?.alterations.isEmpty == false }
            return Finding(
                .coverage(.conflict(owners: owners.map(\.name))), buckets: buckets, changes: changes(of: owners),
                remedy: altered.map { .inOrder([.reinstall(node: $0.name), .repair]) } ?? .repair)
        }
    }

    private var loneOwnerFindings: [Finding] {
        let members = nodes.filter { $0.state == .live && $0.sample != nil }
        guard members.count > 1, configuration.bucketCount > 1, coverage.isWhole, let owner = coverage.owners.first,
            let owner, coverage.owners.allSatisfy({ $0 == owner })
        else { return [] }
        return [
            Finding(
                .coverage(.oneNode(bucketCount: configuration.bucketCount)), node: nodes[owner].name,
                buckets: nodes[owner].ownership.accepting, remedy: .rebalance)
        ]
    }
}
