import Responsibility

extension ClusterSnapshot {
    /// What is known of a node that says nothing of the cluster address.
    func silenceFindings(of node: NodeStatus) -> [Finding] {
        switch node.state {
        case .unreachable: [unreachable(node)]
        case .live: [node.isBare ? bare(node) : notAMember(node)]
        case .connecting where node.reason != nil: [unreachable(node)]
        case .connecting, .stale: []
        }
    }

    private func unreachable(_ node: NodeStatus) -> Finding {
        let unserved = unserved(of: node)
        let evidence = "\(node.name) is unreachable: \(node.reason ?? "nothing is heard of it")"
        let remedy = LinkRemedy.sentence(node: node.name, reason: node.reason)
        guard !unserved.isEmpty else {
            return Finding(
                code: "node_unreachable", severity: .warning, node: node.name, evidence: evidence,
                effect: unheardEffect(node), remedy: remedy)
        }
        return Finding(
            code: "unserved", severity: .critical, node: node.name, buckets: unserved,
            evidence: evidence + "; it answered bucket \(unserved.summary)",
            effect: "if the node is dead, clients in these buckets get no answer",
            remedy: "if it is dead: clusterip takeover \(node.name); if not: \(remedy)")
    }

    private func unheardEffect(_ node: NodeStatus) -> String {
        if node.sample != nil {
            return "none that is known: other nodes answer every bucket it had when it was last heard"
        }
        return orphans.isEmpty
            ? "none that is known: other nodes answer every bucket"
            : "not known: it was never heard, and no other node answers bucket \(orphans.summary)"
    }

    /// Without a table the kernel answers whatever the interface hears: UDP and ICMP; TCP ignores multicast frames.
    private func bare(_ node: NodeStatus) -> Finding {
        let owned = node.lost?.ownership.accepting ?? []
        return Finding(
            code: "table_flushed", severity: .critical, node: node.name, buckets: owned,
            evidence: "\(node.name) carries \(configuration.address) and "
                + (node.lost == nil
                    ? "has no table: somebody flushed the ruleset, or it was never installed" : "lost its table")
                + (owned.isEmpty ? "" : "; it answered bucket \(owned.summary)") + changers([node]),
            effect: "it answers UDP and pings of all clients, beside the nodes that own them, and TCP of none",
            remedy: isWithoutTables
                ? installCommand
                : orphans.isEmpty ? "clusterip reinstall \(node.name)" : orphanRemedy)
    }

    /// Every node that is heard has lost its table, so that no kernel knows the settings any more.
    var isWithoutTables: Bool { nodes.allSatisfy { $0.sample == nil || $0.state == .unreachable } }

    /// The command that makes the cluster anew as it was last seen.
    var installCommand: String {
        let settings = configuration
        let shares = nodes.compactMap { node in
            (node.lost ?? node.sample).map(\.ownership.accepting).flatMap {
                $0.isEmpty ? nil : " --own \(ShellWord.quoted("\(node.name)=\($0)"))"
            }
        }
        return "clusterip install --address \(settings.address)/\(settings.prefixLength) "
            + "--interface \(ShellWord.quoted(settings.interface)) --mac \(settings.mac) --hashmode \(settings.scheme.name) "
            + "--total-nodes \(settings.bucketCount) --hash-init \(settings.scheme.seedText)\(shares.joined())"
    }

    private func notAMember(_ node: NodeStatus) -> Finding {
        Finding(
            code: "not_a_member", severity: .warning, node: node.name,
            buckets: node.lost?.ownership.accepting ?? [],
            evidence: "\(node.name) has neither a table of \(configuration.address) nor the address"
                + (node.lost == nil ? "" : "; both were there") + changers([node]),
            effect: "none by itself: it answers nothing",
            remedy: "clusterip reinstall \(node.name)")
    }
}
