extension ClusterSnapshot {
    /// Everything that is wrong or odd in the snapshot, worst first.
    public func worstFindings() -> [Finding] {
        (coverageFindings + nodes.flatMap(findings) + deafFindings).enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
    }

    private func findings(of node: NodeStatus) -> [Finding] {
        guard let sample = node.sample, node.state != .unreachable else { return silenceFindings(of: node) }
        return lateFindings(of: node) + settingsFindings(node, sample.configuration) + healthFindings(node, sample)
            + sample.alterations.map { alteration in
                Finding(
                    code: "rules_altered", severity: .critical, node: node.name, evidence: alteration + changer(node),
                    effect: "the node may answer packets that are not its own, or none",
                    remedy: "clusterip reinstall \(node.name)")
            }
    }

    /// Who changed the node's ruleset last, when it was none of our agents.
    private func changer(_ node: NodeStatus) -> String {
        guard let change = node.lastChange, !change.isByAgent else { return "" }
        return " The last change was made by \(change.author)."
    }

    private func lateFindings(of node: NodeStatus) -> [Finding] {
        guard node.state == .stale else { return [] }
        return [
            Finding(
                code: "node_stale", severity: .warning, node: node.name,
                evidence: node.reason ?? "its last sample is late",
                effect: "none by itself: the kernel answers without the agent, but what is shown may have changed",
                remedy: "look at \(node.name) and the link to it")
        ]
    }
}
