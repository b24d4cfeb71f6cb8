/// What stands in a node's tables and should not, or not for long.
public enum TableFinding: Hashable, Sendable {
    /// The tables are not as clusterip writes them; at least one alteration.
    case altered([Alteration])
    /// Another program changed the table and did no harm.
    case foreignChange(ProgramIdentity.Process)
    /// A program changed rules of the address that are not clusterip's, and did no harm.
    case rulesChanged(ProgramIdentity.Process)
    /// Adopted buckets, whose unknown connections the node still resets.
    case notFinalized

    /// The stable name.
    public var code: String {
        switch self {
        case .altered: "rules_altered"
        case .foreignChange, .rulesChanged: "foreign_change"
        case .notFinalized: "not_settled"
        }
    }

    /// How bad it is.
    public var severity: Finding.Severity {
        switch self {
        case .altered(let alterations): alterations.allSatisfy { $0.table == .arp } ? .warning : .critical
        case .foreignChange, .rulesChanged, .notFinalized: .notice
        }
    }
}

extension ClusterSnapshot {
    /// What the driver found altered in its own tables, and changes of others that did no harm.
    ///
    /// What is wrong with ARP has a finding of its own; harm names its cause where it is found.
    func tableFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        let isTold = !sample.health.arpRewritten
        let altered = sample.alterations.filter { (!isTold || $0.table != .arp) && !$0.isDefect }
        if !altered.isEmpty {
            return [
                Finding(
                    .table(.altered(altered)), node: node.name, changes: changes(of: [node]),
                    remedy: .reinstall(node: node.name))
            ]
        }
        guard let process = node.foreignChange, coverage.isWhole, sample.alterations.isEmpty else { return [] }
        let change: TableFinding =
            sample.capabilities.can(.membership) ? .foreignChange(process) : .rulesChanged(process)
        return [Finding(.table(change), node: node.name, remedy: .acceptChange)]
    }

    /// What a take-over or an immediate move has left adopted, so that it is not forgotten.
    func adoptionFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        let adopted = sample.ownership.adopted
        guard !adopted.isEmpty else { return [] }
        return [
            Finding(
                .table(.notFinalized), node: node.name, buckets: adopted, remedy: .finalize(node: node.name))
        ]
    }
}
