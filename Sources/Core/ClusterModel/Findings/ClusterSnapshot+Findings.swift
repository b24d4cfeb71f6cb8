extension ClusterSnapshot {
    /// Everything that is wrong or odd in the snapshot, worst first.
    public func worstFindings() -> [Finding] {
        (coverageFindings + nodes.flatMap(findings) + deafFindings + muteFindings).enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
    }

    private func findings(of node: NodeStatus) -> [Finding] {
        guard let sample = node.sample, node.state != .unreachable else { return silenceFindings(of: node) }
        return lateFindings(of: node) + settingsFindings(node, sample.configuration) + healthFindings(node, sample)
            + alterationFindings(node, sample) + foreignFindings(node, sample) + conntrackFindings(node)
            + adoptionFindings(node, sample)
    }

    private func lateFindings(of node: NodeStatus) -> [Finding] {
        guard node.state == .stale else { return [] }
        return [
            Finding(
                code: "node_stale", severity: .warning, node: node.name,
                evidence: "\(node.name): \(node.reason ?? "its last sample is late")",
                effect: "none by itself: the kernel answers without the agent, but what is shown may have changed",
                remedy: LinkRemedy.sentence(node: node.name, reason: node.reason))
        ]
    }
}
