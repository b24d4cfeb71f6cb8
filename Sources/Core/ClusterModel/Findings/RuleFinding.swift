extension ClusterSnapshot {
    /// What is wrong with rules that another program wrote, a finding for each.
    func ruleFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        sample.alterations.compactMap { alteration -> Finding? in
            guard case .rule(let defect) = alteration else { return nil }
            let buckets = defect.buckets.isEmpty ? sample.ownership.accepting : defect.buckets
            return Finding(
                .rule(defect), node: node.name, buckets: buckets,
                changes: defect.severity == .critical ? changes(of: [node]) : [],
                remedy: defect.isOfSaving
                    ? .keepCommands(node: node.name)
                    : .rewriteRules(node: node.name, driver: sample.driver, configuration.address))
        }
    }
}

extension RuleDefect {
    fileprivate var isOfSaving: Bool {
        if case .unsavable = self { return true }
        return false
    }
}

/// Remedies that the nodes' drivers allow.
extension ClusterSnapshot {
    /// The remedy with what no driver of these nodes can do replaced by what its own program can.
    func possible(_ remedy: Remedy) -> Remedy {
        switch remedy {
        case .reinstall(let node) where lacks(.membership, node): rewriting(node)
        case .drain(let node, _) where lacks(.moving, node):
            .standby(node: node, driver: driver(of: node) ?? "", configuration.address)
        case .command(let words, let node)
        where driver(of: node) == "IPaddr2" && ["address", "maddress"].contains(words.dropFirst().first):
            rewriting(node)
        case .join(let node) where foreignDriver != nil: rewriting(node)
        case .install where foreignDriver != nil: rewriting(nodes.first { $0.lost != nil }?.name ?? "each node")
        case .repair where !hasMover, .rebalance where !hasMover:
            .placeByHand(foreignDriver ?? "", configuration.address)
        case .takeOver(let node) where !hasMover: rewriting(node)
        case .inOrder(let remedies): .inOrder(remedies.map(possible))
        case .first(let remedy, let meanwhile): .first(possible(remedy), meanwhile: possible(meanwhile))
        case .ifDead(let node, let remedy, let otherwise):
            .ifDead(node: node, possible(remedy), otherwise: otherwise.map(possible))
        default: remedy
        }
    }

    /// The driver that has the cluster on most nodes, when it makes nobody a member; nil for one that does.
    var foreignDriver: String? {
        let all = nodes.compactMap { $0.sample ?? $0.lost }
        let foreign = all.filter { !$0.capabilities.can(.membership) }
        return foreign.count * 2 > all.count ? foreign.first?.driver : nil
    }

    private func rewriting(_ node: String) -> Remedy {
        .rewriteRules(node: node, driver: driver(of: node) ?? foreignDriver ?? "", configuration.address)
    }

    private func known(_ node: String) -> ClusterSample? {
        index(ofNode: node).flatMap { nodes[$0].sample ?? nodes[$0].lost }
    }

    private func driver(of node: String) -> String? { known(node)?.driver }

    private func lacks(_ ability: Capabilities.Ability, _ node: String) -> Bool {
        known(node).map { !$0.capabilities.can(ability) } ?? false
    }

    /// Whether a node that is heard can take buckets.
    private var hasMover: Bool {
        nodes.contains { $0.state == .live && $0.sample?.capabilities.can(.moving) == true }
    }
}
