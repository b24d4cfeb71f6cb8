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
