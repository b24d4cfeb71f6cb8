extension ClusterSnapshot {
    /// What the driver found altered in its own rules; what is wrong with ARP has a finding of its own.
    func alterationFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        let all = sample.health.arpRewritten ? sample.alterations : sample.alterations.filter { !Self.isAboutARP($0) }
        guard let first = all.first else { return [] }
        let more = all.count > 1 ? " And \(all.count - 1) more such." : ""
        return [
            Finding(
                code: "rules_altered", severity: .critical, node: node.name,
                evidence: "\(node.name): \(first)\(more)\(changers([node]))",
                effect: "the node may answer packets that are not its own, or none",
                remedy: "clusterip reinstall \(node.name)")
        ]
    }

    /// Somebody's change of the table that did no harm; harm names its author where it is found.
    func foreignFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        guard let change = node.foreignChange, coverage.isWhole, sample.alterations.isEmpty else { return [] }
        return [
            Finding(
                code: "foreign_change", severity: .notice, node: node.name,
                evidence: "\(change.author) changed the cluster's table on \(node.name), past clusterip",
                effect: "none now: every bucket has exactly one owner, and the rules are as installed",
                remedy: "none needed if it was meant; this is shown for ten minutes")
        ]
    }

    /// Who changed these nodes' tables past clusterip, as an addition to a sentence.
    func changers(_ nodes: [NodeStatus]) -> String {
        let changes = nodes.compactMap { node in node.foreignChange.map { "\($0.author) on \(node.name)" } }
        return changes.isEmpty ? "" : "; changed by \(changes.joined(separator: ", "))"
    }

    /// Whether an alteration is one of the arp table, as the driver words them.
    static func isAboutARP(_ alteration: String) -> Bool {
        alteration.hasPrefix("The arp ") || alteration.contains(" of the arp chain ")
            || alteration.contains(" in the arp chain ")
    }
}
