extension ClusterSnapshot {
    /// What is known of a node that says nothing of the cluster address.
    func silenceFindings(of node: NodeStatus) -> [Finding] {
        switch node.state {
        case .unreachable: [unreachable(node)]
        case .live: [node.lost.map { flushed(node, $0.ownership.answering) } ?? notAMember(node)]
        case .connecting, .stale: []
        }
    }

    private func unreachable(_ node: NodeStatus) -> Finding {
        let unserved = unserved(of: node)
        let evidence = "\(node.name) is unreachable: \(node.reason ?? "nothing is heard of it")"
        guard !unserved.isEmpty else {
            return Finding(
                code: "node_unreachable", severity: .warning, node: node.name, evidence: evidence,
                effect: "none that is known: no unanswered bucket was its own when it was last heard",
                remedy: "look at \(node.name) and the link to it")
        }
        return Finding(
            code: "unserved", severity: .critical, node: node.name, buckets: unserved,
            evidence: evidence + "; it answered bucket \(unserved.summary)",
            effect: "if the node is dead, clients in these buckets get no answer",
            remedy: "clusterip takeover \(node.name)")
    }

    private func flushed(_ node: NodeStatus, _ owned: BucketSet) -> Finding {
        Finding(
            code: "table_flushed", severity: .critical, node: node.name, buckets: owned,
            evidence:
                "\(node.name) had the table of \(configuration.address) and has none now: somebody flushed the ruleset",
            effect: "as long as it keeps the address, the node answers every packet, also those of the others' clients",
            remedy: "clusterip reinstall \(node.name)")
    }

    private func notAMember(_ node: NodeStatus) -> Finding {
        Finding(
            code: "not_a_member", severity: .warning, node: node.name,
            evidence: "\(node.name) carries no table of \(configuration.address)",
            effect: "none if the address is not on it either; otherwise it answers every packet",
            remedy: "clusterip reinstall \(node.name)")
    }
}
