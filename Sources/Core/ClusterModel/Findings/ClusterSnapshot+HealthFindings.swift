import Responsibility

extension ClusterSnapshot {
    /// Why a node does not hear or speak for the address.
    func healthFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        let health = sample.health
        let (interface, mac) = (sample.configuration.interface, sample.configuration.mac)
        let carried = "\(configuration.address)/\(sample.configuration.prefixLength)"
        let isIdle = sample.ownership.answering.isEmpty
        let unanswered =
            isIdle ? "none now, since it answers no bucket" : "clients in this node's buckets get no answer"
        func finding(
            _ code: String, _ evidence: String, _ effect: String, _ remedy: String, hurtsOthers: Bool = false
        ) -> Finding {
            Finding(
                code: code, severity: isIdle && !hurtsOthers ? .warning : .critical, node: node.name,
                buckets: sample.ownership.answering, evidence: "\(node.name): \(evidence)", effect: effect,
                remedy: remedy)
        }
        if !health.interfacePresent {
            return [
                finding(
                    "interface_missing", "there is no interface \(interface)", unanswered,
                    "bring \(interface) of \(node.name) back, then: clusterip reinstall \(node.name)")
            ]
        }
        if health.interfaceUp, !health.addressPresent, !health.macJoined {
            return [
                finding(
                    "interface_recreated",
                    "\(interface) is up without \(configuration.address) and \(mac): it was made anew or emptied",
                    unanswered,
                    "clusterip reinstall \(node.name)")
            ]
        }
        var findings: [Finding] = []
        if !health.interfaceUp {
            findings.append(
                finding(
                    "interface_down", "\(interface) is down", unanswered,
                    "on \(node.name): ip link set \(interface) up"))
        }
        if !health.addressPresent {
            findings.append(
                finding(
                    "address_missing", "\(interface) does not carry \(configuration.address)", unanswered,
                    "on \(node.name): ip address add \(carried) dev \(interface)"))
        }
        if !health.macJoined {
            findings.append(
                finding(
                    "mac_missing", "\(interface) does not listen to \(mac)",
                    isIdle ? unanswered : "the network card may drop every packet for the cluster: " + unanswered,
                    "on \(node.name): ip maddress add \(mac) dev \(interface)"))
        }
        if !health.arpRewritten {
            findings.append(
                finding(
                    "arp_rewrite_missing",
                    "its ARP packets carry its own MAC, not \(mac)"
                        + (sample.alterations.first(where: Self.isAboutARP).map { ". \($0)" } ?? "") + changers([node]),
                    "clients that believe them send to this node alone: the other nodes' buckets get no answer",
                    "clusterip reinstall \(node.name)", hurtsOthers: true))
        }
        return findings
    }
}
