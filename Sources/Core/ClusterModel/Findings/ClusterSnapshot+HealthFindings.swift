import Responsibility

extension ClusterSnapshot {
    /// Why a node does not hear or speak for the address.
    func healthFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        let report = HealthReport(node: node, sample: sample)
        let (health, interface, mac) = (sample.health, report.interface, sample.configuration.mac)
        if !health.interfacePresent {
            let remedy = "bring \(interface) of \(node.name) back, then: clusterip reinstall \(node.name)"
            return [report.finding("interface_missing", "there is no interface \(interface)", remedy: remedy)]
        }
        if health.interfaceUp, !health.addressPresent, !health.macJoined {
            let evidence = "\(interface) is up without \(configuration.address) and \(mac): it was made anew or emptied"
            return [report.finding("interface_recreated", evidence, remedy: "clusterip reinstall \(node.name)")]
        }
        return (health.interfaceUp ? [] : [report.interfaceDown])
            + (health.addressPresent ? [] : [report.addressMissing(configuration.address)])
            + (health.macJoined ? [] : [report.macMissing])
            + (health.arpRewritten ? [] : [arpRewriteMissing(report)])
    }

    private func arpRewriteMissing(_ report: HealthReport) -> Finding {
        let (node, sample) = (report.node, report.sample)
        let alteration = sample.alterations.first(where: Self.isAboutARP).map { ". \($0)" } ?? ""
        return report.finding(
            "arp_rewrite_missing",
            "its ARP packets carry its own MAC, not \(sample.configuration.mac)\(alteration)\(changers([node]))",
            effect: "clients that believe them send to this node alone: the other nodes' buckets get no answer",
            remedy: "clusterip reinstall \(node.name)", hurtsOthers: true)
    }
}
