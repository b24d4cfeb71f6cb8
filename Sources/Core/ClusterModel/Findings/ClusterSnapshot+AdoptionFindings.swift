extension ClusterSnapshot {
    /// What a take-over or an immediate move has left unsettled, so that it is not forgotten.
    func adoptionFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        let adopted = sample.ownership.adopted
        guard !adopted.isEmpty else { return [] }
        return [
            Finding(
                code: "not_settled", severity: .notice, node: node.name, buckets: adopted,
                evidence:
                    "\(node.name) adopted bucket \(adopted.summary) and still resets connections it does not know",
                effect: "clients of connections from before are told at once to connect again; new ones are answered",
                remedy: "clusterip settle \(node.name)")
        ]
    }
}
