import Responsibility

/// Remedies that the nodes' drivers allow.
extension ClusterSnapshot {
    /// The remedy with what no driver of these nodes can do replaced by what its own program can.
    func possible(_ remedy: Remedy) -> Remedy {
        switch remedy {
        case .reinstall(let node) where isForeign(node): restored(node)
        case .join(let node) where isForeign(node): joined(node)
        case .install where foreignDriver != nil: reinstalledByHand
        case .drain(let node, _) where lacks(.moving, node):
            .standby(node: node, driver: driver(of: node) ?? "", configuration.address)
        case .command(let words, let node) where driver(of: node) == "IPaddr2" && Self.isOfAddress(words):
            rewriting(node)
        case .repair where !hasMover, .rebalance where !hasMover:
            .placeByHand(foreignDriver ?? "", configuration.address)
        case .takeOver(let node) where !hasMover: restored(node)
        case .drain(let node, false): without(lacks(ofGivers: [node]), remedy)
        case .repair: without(lacks(ofGivers: owners(of: coverage.conflicts)), remedy)
        case .rebalance: without(lacks(ofGivers: owners(of: BucketSet(1...configuration.bucketCount))), remedy)
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

    // MARK: Rules

    /// What brings back the rules of a node: its own buckets, unless somebody may own them by now.
    private func restored(_ node: String) -> Remedy {
        guard known(node) == nil || isWithoutRules(node), let driver = mechanism(of: node) else {
            return rewriting(node)
        }
        guard driver != "IPaddr2" else { return rewriting(node) }
        let free = free(of: node)
        // Without rules it must not carry the address; there are none that let nothing in and are known for the cluster's.
        guard !free.isEmpty else {
            return .command(["ip", "address", "del", carried, "dev", interface(of: node)], on: node)
        }
        return .writeRules(node: node, driver: driver, settings(of: node), owned: free)
    }

    /// What makes a node without rules and address take part.
    private func joined(_ node: String) -> Remedy {
        let driver = mechanism(of: node) ?? ""
        let free = free(of: node)
        guard driver != "IPaddr2", !free.isEmpty else { return .placeByHand(driver, configuration.address) }
        var remedies: [Remedy] = [.writeRules(node: node, driver: driver, settings(of: node), owned: free)]
        // The target CLUSTERIP listens by itself.
        if driver != "ipt_CLUSTERIP", configuration.mac != .unknown {
            let mac = "\(configuration.mac)"
            remedies.append(.command(["ip", "maddress", "add", mac, "dev", interface(of: node)], on: node))
        }
        remedies.append(.command(["ip", "address", "add", carried, "dev", interface(of: node)], on: node))
        return .inOrder(remedies)
    }

    private var reinstalledByHand: Remedy {
        let lost = nodes.filter { $0.lost != nil }.map { restored($0.name) }
        return lost.count == 1 ? lost[0] : .inOrder(lost)
    }

    private func rewriting(_ node: String) -> Remedy {
        .rewriteRules(node: node, driver: mechanism(of: node) ?? "", configuration.address)
    }

    /// The settings of most nodes, on the node's own interface.
    private func settings(of node: String) -> ClusterConfiguration {
        var settings = configuration
        settings.interface = interface(of: node)
        return settings
    }

    private var carried: String { "\(configuration.address)/\(configuration.prefixLength)" }

    private func interface(of node: String) -> String {
        known(node)?.configuration.interface ?? configuration.interface
    }

    /// What the node owned, or what nobody owns when that is not known; nothing while somebody who is not heard may own it.
    private func free(of node: String) -> BucketSet {
        let others = nodes.filter { $0.name != node }
        guard others.allSatisfy({ $0.sample != nil || $0.state == .live }) else { return [] }
        let owned = others.reduce(BucketSet()) { $0.union($1.ownership.accepting) }
        return (known(node)?.ownership.accepting ?? BucketSet(1...configuration.bucketCount)).subtracting(owned)
    }

    // MARK: What is known of nodes

    private func known(_ node: String) -> ClusterSample? {
        index(ofNode: node).flatMap { nodes[$0].sample ?? nodes[$0].lost }
    }

    private func isWithoutRules(_ node: String) -> Bool { index(ofNode: node).map { nodes[$0].sample == nil } ?? false }

    private func driver(of node: String) -> String? { known(node)?.driver }

    /// What enforced the address on the node; on one that never had it, what does on most.
    private func mechanism(of node: String) -> String? {
        index(ofNode: node).flatMap { foreignMechanism(of: nodes[$0]) } ?? driver(of: node)
    }

    /// The driver that enforced the address on the node, or is to, when it makes nobody a member.
    ///
    /// Where tables of ours cannot be, such as on a kernel without them, it is one that can enforce the cluster's scheme.
    func foreignMechanism(of node: NodeStatus) -> String? {
        if let known = node.sample ?? node.lost {
            return known.capabilities.can(.membership) ? nil : known.driver
        }
        guard node.obstacle(driver: nil, to: configuration) != nil, !node.isReadOnly else { return foreignDriver }
        if case .clusterIP = configuration.scheme { return node.has("ipt_CLUSTERIP") }
        return node.has("xt_cluster")
    }

    private func isForeign(_ node: String) -> Bool {
        index(ofNode: node).map { foreignMechanism(of: nodes[$0]) != nil } ?? (foreignDriver != nil)
    }

    private func lacks(_ ability: Capabilities.Ability, _ node: String) -> Bool {
        known(node).map { !$0.capabilities.can(ability) } ?? false
    }

    /// Whether a node that is heard can take buckets.
    private var hasMover: Bool {
        nodes.contains { $0.state == .live && $0.sample?.capabilities.can(.moving) == true }
    }

    private static func isOfAddress(_ words: [String]) -> Bool {
        ["address", "maddress"].contains(words.dropFirst().first) && words.first == "ip"
    }

    // MARK: What plans must do without

    private func owners(of buckets: BucketSet) -> [String] {
        nodes.filter { $0.state == .live && !$0.ownership.accepting.intersection(buckets).isEmpty }
            .map(\.name)
    }

    /// What a graceful move from one of these nodes to any other cannot keep: the connections, or that they are left alone.
    ///
    /// One pass over the nodes: a cluster in trouble asks this for every finding that it has.
    private func lacks(ofGivers givers: [String]) -> [Capabilities.Ability] {
        let givers = Set(givers)
        var (drains, keepers, disturbing) = (true, Set<String>(), Set<String>())
        for node in nodes {
            let capabilities = (node.sample ?? node.lost)?.capabilities
            if givers.contains(node.name) {
                if capabilities?.can(.draining) == false { drains = false } else { keepers.insert(node.name) }
            }
            guard node.state == .live, let taker = node.sample?.capabilities, taker.can(.moving) else { continue }
            if !taker.can(.ignoring) { disturbing.insert(node.name) }
        }
        // Whoever gives to a node that disturbs connections gives to another one than itself.
        let disturbs = keepers.contains { disturbing.count > (disturbing.contains($0) ? 1 : 0) }
        return (drains ? [] : [.draining]) + (disturbs ? [.ignoring] : [])
    }

    private func without(_ abilities: [Capabilities.Ability], _ remedy: Remedy) -> Remedy {
        abilities.isEmpty ? remedy : .without(abilities, remedy)
    }
}

extension NodeStatus {
    /// The name of a driver, when the node's agent has it.
    fileprivate func has(_ driver: String) -> String? { drivers.first { $0.name == driver }?.name }
}
