import CNetfilter
import ClusterModel
import LinuxNode
import NodeDriver
import Responsibility

/// The rules of a cluster address, all of which are removed at once, or none.
struct RuleRemoval {
    /// Where they are.
    let places: [RulePlace]

    /// The rules that decide about an address's buckets, and those that drop what is not the node's.
    ///
    /// - Throws: `.notSupported` when something would be left that drops packets of the address, when other addresses need
    ///   the rules, too, and for rules of more than one table of iptables-legacy, which cannot be changed at once.
    init(_ address: IPAddress, in tables: [RuleTable], on node: InterfaceList) throws(DriverError) {
        let before = FoundCluster.all(in: tables, on: node)
        guard let found = before.first(where: { $0.address == address }) else { throw .notInstalled(address) }
        var all = Set(found.deciding.map(\.place))
        for transport: UInt8 in [6, 17] { all.formUnion(Self.walk(found, tables, node, transport).dropping()) }
        places = all.sorted { ($0.table, $0.chain, $0.handle) < ($1.table, $1.chain, $1.handle) }
        let kinds = Set(places.map { [$0.filter.rawValue, $0.filter == .legacy ? $0.table : ""] })
        guard kinds.count <= 1 else {
            throw Self.refusal(
                address,
                "are in more than one table of iptables-legacy, or in iptables-nft, too; write them in one first")
        }
        let rest = tables.map { Self.without(all, $0) }
        let after = FoundCluster.all(in: rest, on: node)
        guard after == before.filter({ $0.address != address }) else {
            throw Self.refusal(address, "are those of other addresses, too")
        }
        for transport: UInt8 in [6, 17] {
            let left = Self.walk(found, rest, node, transport)
            guard left.accepted().count == Int(found.scheme.bucketCount) else {
                throw Self.refusal(address, "leave others behind that drop its packets")
            }
        }
    }

    /// Whether the rules are iptables-legacy's.
    var isLegacy: Bool { places.first?.filter == .legacy }

    /// Removes them from the one table that they are in; nobody else may write tables meanwhile.
    func commit(_ legacy: LegacyTables) throws(KernelError) {
        guard let first = places.first, let table = try legacy.table(first.table, family: first.family) else {
            throw KernelError(number: KernelError.restart)
        }
        var change = LegacyChange(table)
        for place in places { change.remove(Int(clamping: place.handle)) }
        try legacy.replace(change)
    }

    /// Removes the rules in one transaction, unless the ruleset has changed since it was read.
    func commit(_ socket: NetlinkSocket, generation: UInt32) throws(KernelError) {
        var transaction = RulesetTransaction(socket, generation: generation)
        for place in places {
            transaction.add(NFT_MSG_DELRULE, family: place.family.number) {
                mnl_attr_put_strz($0, UInt16(NFTA_RULE_TABLE.rawValue), place.table)
                mnl_attr_put_strz($0, UInt16(NFTA_RULE_CHAIN.rawValue), place.chain)
                mnl_attr_put_u64($0, UInt16(NFTA_RULE_HANDLE.rawValue), place.handle.bigEndian)
            }
        }
        try transaction.commit()
    }

    private static func walk(
        _ found: FoundCluster, _ tables: [RuleTable], _ node: InterfaceList, _ transport: UInt8
    ) -> RuleWalk {
        RuleWalk(
            tables,
            subject: .init(
                found.address, interface: found.interface, index: node.index(of: found.interface),
                transport: transport), scheme: found.scheme)
    }

    private static func without(_ places: Set<RulePlace>, _ table: RuleTable) -> RuleTable {
        var rest = table
        for (index, chain) in table.chains.enumerated() {
            rest.chains[index].rules.removeAll { places.contains(RulePlace(table, chain, $0)) }
        }
        return rest
    }

    private static func refusal(_ address: IPAddress, _ why: String) -> DriverError {
        DriverError(.notSupported, "The rules of \(address) cannot be removed by themselves: they \(why).")
    }
}
