extension ClusterSnapshot {
    /// How many packets a second must reach some node before it is odd that none reaches another.
    private static let heardRate = 20.0

    /// Nodes that receive none of the packets that reach the others: a switch that does not flood the cluster MAC.
    ///
    /// A node whose interface explains it is left out, and a rate is over a whole interval between samples.
    var deafFindings: [Finding] {
        let heard = nodes.map { node in
            node.state == .live && !node.rates.isEmpty ? node.totalRates.arrived.packetsPerSecond : nil
        }
        guard
            let (loudest, most) = heard.enumerated().compactMap({ index, rate in rate.map { (index, $0) } })
                .max(by: { $0.1 < $1.1 }), most >= Self.heardRate
        else { return [] }
        return zip(nodes, heard).compactMap { node, rate in
            guard rate == 0, let sample = node.sample, sample.health.isGood, sample.alterations.isEmpty else {
                return nil
            }
            return Finding(
                code: "not_receiving", severity: .critical, node: node.name, buckets: sample.ownership.answering,
                evidence: "no packet for \(configuration.address) reaches \(node.name), while "
                    + "\(Int(min(most, 1e15))) a second reach \(nodes[loudest].name)",
                effect: "clients in this node's buckets get no answer",
                remedy:
                    "let the switch deliver \(configuration.mac) to \(node.name)'s port; until then: clusterip drain "
                    + node.name)
        }
    }
}
