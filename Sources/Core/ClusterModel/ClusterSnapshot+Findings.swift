import Responsibility

extension ClusterSnapshot {
    /// Everything that is wrong or odd in the snapshot, worst first.
    public func worstFindings() -> [Finding] {
        (coverageFindings + nodes.flatMap(findings)).enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
    }

    private var coverageFindings: [Finding] {
        var findings: [Finding] = []
        if !coverage.orphans.isEmpty {
            findings.append(
                Finding(
                    code: "orphan", severity: .critical, buckets: coverage.orphans,
                    evidence: "no node answers bucket \(coverage.orphans)",
                    effect: "clients in these buckets get no answer",
                    remedy: "clusterip move \(coverage.orphans) --to NODE"))
        }
        for bucket in coverage.conflicts {
            let owners = nodes.filter { $0.state != .unreachable && $0.ownership.answering.contains(bucket) }
            findings.append(
                Finding(
                    code: "conflict", severity: .critical, buckets: [bucket],
                    evidence: "bucket \(bucket) is answered by \(owners.map(\.name).joined(separator: " and "))",
                    effect: "new connections of its clients break: two nodes answer each packet",
                    remedy: "release bucket \(bucket) on all but one of them"))
        }
        return findings
    }

    private func findings(of node: NodeStatus) -> [Finding] {
        guard let sample = node.sample, node.state != .unreachable else { return silence(of: node) }
        return silence(of: node) + settingsFindings(node, sample.configuration) + healthFindings(node, sample)
            + sample.alterations.map { alteration in
                Finding(
                    code: "rules_altered", severity: .critical, node: node.name, evidence: alteration + changer(node),
                    effect: "the node may answer packets that are not its own, or none",
                    remedy: "install the cluster on \(node.name) anew")
            }
    }

    /// Who changed the node's ruleset last, when it was none of our agents.
    private func changer(_ node: NodeStatus) -> String {
        guard let change = node.lastChange, !change.isByAgent else { return "" }
        return " The last change was made by \(change.author)."
    }

    private func silence(of node: NodeStatus) -> [Finding] {
        guard node.state == .unreachable || (node.state == .live && node.sample == nil) else { return [] }
        let owned = node.ownership.answering
        return [
            Finding(
                code: node.state == .live ? "not_a_member" : "node_unreachable",
                severity: owned.isEmpty ? .warning : .critical, node: node.name, buckets: owned,
                evidence: node.reason ?? "nothing is heard of it",
                effect: owned.isEmpty
                    ? "none for clients: it owned no bucket"
                    : "if the node is dead, clients in buckets \(owned) get no answer",
                remedy: "look at the node; if it is surely dead, take its buckets over")
        ]
    }

    private func settingsFindings(_ node: NodeStatus, _ own: ClusterConfiguration) -> [Finding] {
        var findings: [Finding] = []
        func mismatch(_ code: String, _ what: String, _ mine: String, _ theirs: String, _ effect: String) {
            findings.append(
                Finding(
                    code: code, severity: .critical, node: node.name,
                    evidence: "\(node.name) has \(what) \(mine), most nodes have \(theirs)", effect: effect,
                    remedy: "install the cluster on \(node.name) anew with \(what) \(theirs)"))
        }
        let reshuffled = "its buckets are other clients than the other nodes': some get two answers, some none"
        if own.hashMode != configuration.hashMode {
            mismatch(
                "mode_mismatch", "hash mode", own.hashMode.rawValue, configuration.hashMode.rawValue, reshuffled)
        }
        if own.totalNodes != configuration.totalNodes {
            mismatch("total_mismatch", "total nodes", "\(own.totalNodes)", "\(configuration.totalNodes)", reshuffled)
        }
        if own.hashInit != configuration.hashInit {
            mismatch("seed_mismatch", "seed", "\(own.hashInit)", "\(configuration.hashInit)", reshuffled)
        }
        if own.mac != configuration.mac {
            mismatch(
                "mac_mismatch", "cluster MAC", "\(own.mac)", "\(configuration.mac)",
                "clients that learn the one MAC are not heard by nodes that listen to the other")
        }
        return findings
    }

    private func healthFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        let health = sample.health
        let interface = sample.configuration.interface
        func finding(_ code: String, _ evidence: String, _ effect: String, _ remedy: String) -> Finding {
            Finding(
                code: code, severity: .critical, node: node.name, buckets: sample.ownership.answering,
                evidence: evidence, effect: effect, remedy: remedy)
        }
        let unanswered = "clients in this node's buckets get no answer"
        if !health.interfacePresent {
            return [
                finding(
                    "interface_missing", "there is no interface \(interface)", unanswered, "bring \(interface) back")
            ]
        }
        var findings: [Finding] = []
        if !health.interfaceUp {
            findings.append(
                finding("interface_down", "\(interface) is down", unanswered, "ip link set \(interface) up"))
        }
        if !health.addressPresent {
            findings.append(
                finding(
                    "address_missing", "\(interface) does not carry \(configuration.address)", unanswered,
                    "ip address add \(configuration.address)/\(sample.configuration.prefixLength) dev \(interface)"))
        }
        if !health.macJoined {
            findings.append(
                finding(
                    "mac_missing", "\(interface) does not listen to \(sample.configuration.mac)",
                    "the network card may drop every packet for the cluster: " + unanswered,
                    "ip maddress add \(sample.configuration.mac) dev \(interface)"))
        }
        if !health.arpRewritten {
            findings.append(
                finding(
                    "arp_rewrite_missing", "the node's ARP packets carry its own MAC, not \(sample.configuration.mac)",
                    "clients that believe them send to this node alone: the other nodes' buckets get no answer",
                    "install the cluster on \(node.name) anew"))
        }
        return findings
    }
}
