import Responsibility

extension LegacyNode {
    /// Adds a rule; throws what the kernel refuses, in the order in which it checks.
    public mutating func append(_ rule: LegacyRule) throws(LegacyRuleError) {
        do throws(LegacyRuleError) {
            try validate(rule)
            try join(rule)
        } catch {
            if let text = error.log { log.append("ipt_CLUSTERIP: \(text)") }
            throw error
        }
        if kernel.warnsOfDeprecation, !hasWarned {
            hasWarned = true
            log.append(
                "ipt_CLUSTERIP: ipt_CLUSTERIP is deprecated and it will removed soon, use xt_cluster instead")
        }
        rules.append(rule)
    }

    /// Deletes the first rule that equals this one in everything; false when there is none.
    ///
    /// The cluster address goes with its last rule, and with it the live ownership.
    public mutating func delete(_ rule: LegacyRule) -> Bool {
        guard let index = rules.firstIndex(of: rule) else { return false }
        leave(rules.remove(at: index).destination)
        return true
    }

    /// Deletes all rules of a table, or of one of its chains.
    public mutating func flush(table: String, chain: String? = nil) {
        let isGone = { (rule: LegacyRule) in rule.table == table && (chain == nil || rule.chain == chain) }
        let gone = rules.filter(isGone)
        rules.removeAll(where: isGone)
        for rule in gone { leave(rule.destination) }
    }

    /// Replaces all rules of a table, as iptables-legacy does for every edit: the new rules are checked before the old
    /// ones go, so that the live ownership of an address in both survives, whatever the new rules say.
    ///
    /// Throws the first refusal; the table is then as it was, but for references that the kernel leaks.
    public mutating func replace(table: String, with new: [LegacyRule]) throws(LegacyRuleError) {
        let previous = rules
        let old = rules.filter { $0.table == table }
        for (position, rule) in new.enumerated() {
            do { try append(rule) } catch {
                rules = previous
                for accepted in new[..<position] { leave(accepted.destination) }
                throw error
            }
        }
        rules = previous.filter { $0.table != table } + new
        for rule in old { leave(rule.destination) }
    }

    mutating func leave(_ address: IPv4Address) {
        addresses[address]?.entries -= 1
        if addresses[address]?.entries == 0 { addresses[address] = nil }
    }
}

// What the kernel checks before it accepts a rule: `clusterip_tg_check` and `clusterip_config_init` of ipt_CLUSTERIP.c.
extension LegacyNode {
    func validate(_ rule: LegacyRule) throws(LegacyRuleError) {
        guard kernel.hasTarget else { throw LegacyRuleError(.noEntry) }
        if rule.isThroughNftables, kernel.refusesNftables {
            throw LegacyRuleError(.notSupported, log: "cannot use CLUSTERIP target from nftables compat")
        }
        guard rule.options.mode != nil else {
            throw LegacyRuleError(.invalidArgument, log: "unknown mode \(rule.options.hashMode)")
        }
        guard rule.prefixLength == 32, rule.destination.number != 0 else {
            throw LegacyRuleError(.invalidArgument, log: "Please specify destination IP")
        }
        if kernel.checksLocalNodes { try validateLocalNodes(rule.options.localNodes) }
    }

    private func validateLocalNodes(_ nodes: [UInt16]) throws(LegacyRuleError) {
        guard nodes.count <= 16 else {
            throw LegacyRuleError(.invalidArgument, log: "bad num_local_nodes \(nodes.count)")
        }
        for (index, node) in nodes.enumerated() where !(1...LegacyAddress.bitmapSize).contains(Int(node)) {
            throw LegacyRuleError(.invalidArgument, log: "bad local_nodes[\(index)] \(node)")
        }
    }

    mutating func join(_ rule: LegacyRule) throws(LegacyRuleError) {
        guard let existing = addresses[rule.destination] else {
            addresses[rule.destination] = try created(rule)
            return
        }
        if kernel.comparesMAC, existing.options.mac != rule.options.mac {
            if kernel.leaksOnMismatch { addresses[rule.destination]?.entries += 1 }
            throw LegacyRuleError(.invalidArgument)
        }
        addresses[rule.destination]?.entries += 1
    }

    private func created(_ rule: LegacyRule) throws(LegacyRuleError) -> LegacyAddress {
        guard rule.options.isNew else {
            throw LegacyRuleError(.invalidArgument, log: "no config found for \(rule.destination), need 'new'")
        }
        guard !rule.interface.isEmpty else {
            throw LegacyRuleError(.invalidArgument, log: "Please specify an interface name")
        }
        guard interfaces.contains(rule.interface) else {
            throw LegacyRuleError(.noEntry, log: "no such interface \(rule.interface)")
        }
        return LegacyAddress(options: rule.options, interface: rule.interface)
    }
}
