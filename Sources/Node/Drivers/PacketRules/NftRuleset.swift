import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import Responsibility

/// The tables of other programs in nf_tables, of the families ip and ip6.
///
/// Rules are read anew when the ruleset's generation has changed; otherwise only those tables are in which rules ask for
/// buckets, because of their counters.
struct NftRuleset {
    private(set) var generation: UInt32 = 0
    private(set) var tables: [RuleTable] = []

    /// Reads what has changed; nothing is there where the kernel has no nf_tables.
    mutating func update(_ socket: NetlinkSocket) throws(KernelError) {
        for _ in 0..<16 {
            guard let now = try Self.generation(socket) else { return tables = [] }
            if now == generation {
                for index in tables.indices where tables[index].asksForBuckets {
                    tables[index] = try Self.table(socket, tables[index])
                }
            } else {
                tables = try Self.all(socket)
            }
            if try Self.generation(socket) == now { return generation = now }
            generation = 0
        }
        throw KernelError(number: EBUSY)
    }

    /// The generation of the ruleset; nil where the kernel has no nf_tables.
    static func generation(_ socket: NetlinkSocket) throws(KernelError) -> UInt32? {
        var generation: UInt32?
        let sequence = socket.nextSequence()
        var message = MessageBuffer()
        message.append(
            type: type(NFT_MSG_GETGEN), flags: NLM_F_REQUEST, sequence: sequence,
            extra: MessageBuffer.nfnetlink(family: AF_UNSPEC))
        try socket.send(message)
        do throws(KernelError) {
            try socket.receive(sequence...sequence, isSingle: true) {
                generation = Attributes(nfnetlink: $0).first(NFTA_GEN_ID.rawValue)?.bigEndian(UInt32.self)
            }
        } catch {
            // nfnetlink knows no such subsystem.
            guard error.number == EINVAL || error.number == EOPNOTSUPP else { throw error }
            return nil
        }
        return generation
    }

    private static func all(_ socket: NetlinkSocket) throws(KernelError) -> [RuleTable] {
        var tables: [RuleTable] = []
        for (number, family) in [(AF_INET, IPAddress.Family.v4), (AF_INET6, .v6)] {
            var chains: [String: [RuleChain]] = [:]
            try request(socket, NFT_MSG_GETCHAIN, family: number, restart: { chains = [:] }) { answer in
                let attributes = Attributes(nfnetlink: answer)
                guard let table = attributes.first(NFTA_CHAIN_TABLE.rawValue)?.text, !table.hasPrefix("clusterip_"),
                    let chain = chain(attributes)
                else { return }
                chains[table, default: []].append(chain)
            }
            let rules = try rules(socket, family: number, table: nil)
            tables += chains.sorted { $0.key < $1.key }.map { name, chains in
                RuleTable(.nftables, family, name, chains: chains).with(rules[name, default: [:]])
            }
        }
        return tables
    }

    private static func table(_ socket: NetlinkSocket, _ table: RuleTable) throws(KernelError) -> RuleTable {
        let family = table.family.number
        return table.with(try rules(socket, family: family, table: table.name)[table.name, default: [:]])
    }

    /// The rules of one table, or of all, by table and chain.
    private static func rules(
        _ socket: NetlinkSocket, family: Int32, table: String?
    ) throws(KernelError) -> [String: [String: [PacketRule]]] {
        var rules: [String: [String: [PacketRule]]] = [:]
        let kind = family == AF_INET ? IPAddress.Family.v4 : .v6
        try request(
            socket, NFT_MSG_GETRULE, family: family, restart: { rules = [:] },
            build: { if let table { mnl_attr_put_strz($0, UInt16(NFTA_RULE_TABLE.rawValue), table) } },
            handle: { answer in
                let attributes = Attributes(nfnetlink: answer)
                guard let name = attributes.first(NFTA_RULE_TABLE.rawValue)?.text, !name.hasPrefix("clusterip_"),
                    let chain = attributes.first(NFTA_RULE_CHAIN.rawValue)?.text, let object = nftnl_rule_alloc()
                else { return }
                defer { nftnl_rule_free(object) }
                guard nftnl_rule_nlmsg_parse(answer.header, object) >= 0 else { return }
                rules[name, default: [:]][chain, default: []].append(NftRuleReader.read(object, family: kind))
            })
        return rules
    }

    private static func chain(_ attributes: Attributes) -> RuleChain? {
        guard let name = attributes.first(NFTA_CHAIN_NAME.rawValue)?.text else { return nil }
        var chain = RuleChain(name)
        let hook = attributes.nest(NFTA_CHAIN_HOOK.rawValue)
        let isFilter = attributes.first(NFTA_CHAIN_TYPE.rawValue)?.text == "filter"
        if isFilter, let number = hook.first(NFTA_HOOK_HOOKNUM.rawValue)?.bigEndian(UInt32.self),
            let priority = hook.first(NFTA_HOOK_PRIORITY.rawValue)?.bigEndian(Int32.self),
            let place = RuleChain.Hook.Place(hook: number)
        {
            chain.hook = .init(place, priority: Int(priority))
        }
        let policy = attributes.first(NFTA_CHAIN_POLICY.rawValue)?.bigEndian(Int32.self)
        chain.isDropping = policy == NF_DROP
        return chain
    }

    private static func type(_ message: nf_tables_msg_types) -> UInt16 {
        UInt16(NFNL_SUBSYS_NFTABLES << 8) | UInt16(message.rawValue)
    }

    private static func request(
        _ socket: NetlinkSocket, _ message: nf_tables_msg_types, family: Int32, restart: () -> Void,
        build: (UnsafeMutablePointer<nlmsghdr>) -> Void = { _ in }, handle: (NetlinkSocket.Answer) -> Void
    ) throws(KernelError) {
        try socket.request(
            type: type(message), flags: NLM_F_ROOT | NLM_F_MATCH, extra: MessageBuffer.nfnetlink(family: family),
            restart: restart, build: build, handle: handle)
    }
}

extension RuleChain.Hook.Place {
    /// The place of a hook's number: NF_INET_PRE_ROUTING and NF_INET_LOCAL_IN.
    init?(hook number: UInt32) {
        switch number {
        case NF_INET_PRE_ROUTING.rawValue: self = .prerouting
        case NF_INET_LOCAL_IN.rawValue: self = .input
        default: return nil
        }
    }
}

extension RuleTable {
    /// Whether any of its rules asks for a bucket.
    package var asksForBuckets: Bool { chains.contains { $0.rules.contains { $0.bucketTest != nil } } }

    /// The table with these rules, by chain.
    fileprivate func with(_ rules: [String: [PacketRule]]) -> RuleTable {
        var table = self
        for index in table.chains.indices { table.chains[index].rules = rules[table.chains[index].name, default: []] }
        return table
    }
}
