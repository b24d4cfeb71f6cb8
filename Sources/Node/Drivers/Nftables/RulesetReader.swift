import CNetfilter
import ClusterModel
import Glibc
import LinuxNode

/// Reads the ruleset over one netlink socket.
struct RulesetReader {
    /// The socket.
    let socket: NetlinkSocket

    /// The ruleset's generation, which every commit by anybody changes.
    func generation() throws(KernelError) -> UInt32 {
        var generation: UInt32?
        let sequence = socket.nextSequence()
        var message = MessageBuffer()
        message.append(
            type: NFT_MSG_GETGEN.nfnetlinkType, flags: NLM_F_REQUEST, sequence: sequence,
            extra: MessageBuffer.nfnetlink(family: AF_UNSPEC))
        try socket.send(message)
        try socket.receive(sequence...sequence, isSingle: true) {
            generation = Attributes(nfnetlink: $0).first(NFTA_GEN_ID.rawValue)?.bigEndian(UInt32.self)
        }
        guard let generation else { throw KernelError(number: EPROTO) }
        return generation
    }

    /// The ruleset's generation; nil where the kernel has no nf_tables, so that nfnetlink knows no such messages.
    func generationIfAny() throws(KernelError) -> UInt32? {
        do throws(KernelError) { return try generation() } catch {
            guard error.number == EINVAL || error.number == EOPNOTSUPP else { throw error }
            return nil
        }
    }

    /// The names of all tables of a family.
    func tables(family: Int32) throws(KernelError) -> Set<String> {
        var names: Set<String> = []
        try dump(NFT_MSG_GETTABLE, family: family, restart: { names = [] }) { attributes in
            if let name = attributes.first(NFTA_TABLE_NAME.rawValue)?.text { names.insert(name) }
        }
        return names
    }

    /// Whether a table's hooks are switched off (NFT_TABLE_F_DORMANT, linux/netfilter/nf_tables.h), and the number that no
    /// other table of the network namespace has or had; 0 where the kernel gives none.
    private func facts(of name: String, family: Int32) throws(KernelError) -> (isDormant: Bool, handle: UInt64) {
        var facts = (isDormant: false, handle: UInt64(0))
        try dump(NFT_MSG_GETTABLE, family: family, restart: { facts = (false, 0) }) { attributes in
            guard attributes.first(NFTA_TABLE_NAME.rawValue)?.text == name else { return }
            facts.isDormant = (attributes.first(NFTA_TABLE_FLAGS.rawValue)?.bigEndian(UInt32.self) ?? 0) & 1 != 0
            facts.handle = attributes.first(NFTA_TABLE_HANDLE.rawValue)?.bigEndian(UInt64.self) ?? 0
        }
        return facts
    }

    /// Everything under the name of one of our tables; nil when the set that describes it is not there.
    func table(_ name: String) throws(KernelError) -> FoundTable {
        var found = FoundTable()
        found.sets = try sets(name)
        for set in BucketTable.ownershipSets + [BucketTable.sticky] where found.sets[set] != nil {
            found.elements[set] = try elements(table: name, set: set)
        }
        for set in [BucketTable.members, BucketTable.operations] where found.sets[set] != nil {
            found.notes[set] = try elements(table: name, set: set)
        }
        try readChains(of: name, into: &found)
        return found
    }

    /// Reads chains and rules of a table, in both families.
    func readChains(of name: String, into found: inout FoundTable) throws(KernelError) {
        (found.chains, found.rules) = (try chains(name, family: AF_INET), try rules(name, family: AF_INET))
        let arp = Int32(NFPROTO_ARP)
        (found.arpChains, found.arpRules) = (try chains(name, family: arp), try rules(name, family: arp))
        (found.isDormant, found.handle) = try facts(of: name, family: AF_INET)
        found.arpIsDormant = try facts(of: name, family: arp).isDormant
    }

    /// The elements of an ownership set with their comments.
    func elements(table: String, set: String) throws(KernelError) -> [Int: String] {
        var elements: [Int: String] = [:]
        var last = CommentedElement()
        try dumpElements(table: table, set: set, restart: { elements = [:] }) { (bytes: UnsafeRawBufferPointer) in
            if last.take(bytes) { elements[last.key] = last.comment }
        }
        return elements
    }

    /// Walks the elements of a set as the kernel writes them, each without its header.
    func dumpElements(
        table: String, set: String, restart: () -> Void, handle: (UnsafeRawBufferPointer) -> Void
    ) throws(KernelError) {
        try socket.request(
            type: NFT_MSG_GETSETELEM.nfnetlinkType, flags: NLM_F_ROOT | NLM_F_MATCH,
            extra: MessageBuffer.nfnetlink(family: AF_INET), restart: restart,
            build: { Self.name(table: table, set: set, in: $0) }, handle: { Self.eachElement(of: $0, handle) })
    }

    /// The same once; returns whether a commit by anybody interrupted it.
    func dumpElementsOnce(
        table: String, set: String, handle: (UnsafeRawBufferPointer) -> Void
    ) throws(KernelError) -> Bool {
        try socket.requestOnce(
            type: NFT_MSG_GETSETELEM.nfnetlinkType, flags: NLM_F_ROOT | NLM_F_MATCH,
            extra: MessageBuffer.nfnetlink(family: AF_INET), build: { Self.name(table: table, set: set, in: $0) },
            handle: { Self.eachElement(of: $0, handle) })
    }

    /// Begins a dump of a set's elements.
    static func begin(_ dump: NetlinkDump, table: String, set: String) throws(KernelError) {
        try dump.begin(
            type: NFT_MSG_GETSETELEM.nfnetlinkType, extra: MessageBuffer.nfnetlink(family: AF_INET),
            build: { name(table: table, set: set, in: $0) })
    }

    /// Walks the elements in one answer of a dump.
    static func eachElement(of answer: NetlinkSocket.Answer, _ handle: (UnsafeRawBufferPointer) -> Void) {
        for (_, bytes) in Attributes(nfnetlink: answer).nest(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) { handle(bytes) }
    }

    private static func name(table: String, set: String, in message: UnsafeMutablePointer<nlmsghdr>) {
        mnl_attr_put_strz(message, UInt16(NFTA_SET_ELEM_LIST_TABLE.rawValue), table)
        mnl_attr_put_strz(message, UInt16(NFTA_SET_ELEM_LIST_SET.rawValue), set)
    }

    private func sets(_ table: String) throws(KernelError) -> [String: FoundTable.FoundSet] {
        var sets: [String: FoundTable.FoundSet] = [:]
        try dump(NFT_MSG_GETSET, family: AF_INET, restart: { sets = [:] }) {
            mnl_attr_put_strz($0, UInt16(NFTA_SET_TABLE.rawValue), table)
        } handle: { attributes in
            guard let name = attributes.first(NFTA_SET_NAME.rawValue)?.text,
                attributes.first(NFTA_SET_TABLE.rawValue)?.text == table
            else { return }
            sets[name] = .init(
                comment: attributes.first(NFTA_SET_USERDATA.rawValue).flatMap { UserData.setComment(in: $0) },
                keyLength: Int(attributes.first(NFTA_SET_KEY_LEN.rawValue)?.bigEndian(UInt32.self) ?? 0))
        }
        return sets
    }

    private func chains(_ table: String, family: Int32) throws(KernelError) -> [FoundTable.FoundChain] {
        var chains: [FoundTable.FoundChain] = []
        try dump(NFT_MSG_GETCHAIN, family: family, restart: { chains = [] }) { attributes in
            guard let name = attributes.first(NFTA_CHAIN_NAME.rawValue)?.text,
                attributes.first(NFTA_CHAIN_TABLE.rawValue)?.text == table
            else { return }
            var chain = FoundTable.FoundChain(name: name)
            let hook = attributes.nest(NFTA_CHAIN_HOOK.rawValue)
            if let number = hook.first(NFTA_HOOK_HOOKNUM.rawValue)?.bigEndian(UInt32.self),
                let priority = hook.first(NFTA_HOOK_PRIORITY.rawValue)?.bigEndian(Int32.self)
            {
                chain.hook = .init(number: number, priority: priority)
            }
            if let policy = attributes.first(NFTA_CHAIN_POLICY.rawValue)?.bigEndian(Int32.self) {
                chain.accepts = policy == NF_ACCEPT
            }
            chains.append(chain)
        }
        return chains
    }

    private func rules(_ table: String, family: Int32) throws(KernelError) -> [String: [RuleText]] {
        var rules: [String: [RuleText]] = [:]
        try socket.request(
            type: NFT_MSG_GETRULE.nfnetlinkType, flags: NLM_F_ROOT | NLM_F_MATCH,
            extra: MessageBuffer.nfnetlink(family: family), restart: { rules = [:] },
            build: { mnl_attr_put_strz($0, UInt16(NFTA_RULE_TABLE.rawValue), table) },
            handle: { answer in
                guard let chain = Attributes(nfnetlink: answer).first(NFTA_RULE_CHAIN.rawValue)?.text,
                    Attributes(nfnetlink: answer).first(NFTA_RULE_TABLE.rawValue)?.text == table,
                    let rule = nftnl_rule_alloc()
                else { return }
                defer { nftnl_rule_free(rule) }
                guard nftnl_rule_nlmsg_parse(answer.header, rule) >= 0 else { return }
                rules[chain, default: []].append(RuleText(rule))
            })
        return rules
    }

    private func dump(
        _ type: nf_tables_msg_types, family: Int32, restart: () -> Void,
        build: (UnsafeMutablePointer<nlmsghdr>) -> Void = { _ in }, handle: (Attributes) -> Void
    ) throws(KernelError) {
        try socket.request(
            type: type.nfnetlinkType, flags: NLM_F_ROOT | NLM_F_MATCH, extra: MessageBuffer.nfnetlink(family: family),
            restart: restart, build: build, handle: { handle(Attributes(nfnetlink: $0)) })
    }
}

/// An element of an ownership set, with its comment; most have the comment of the one before.
struct CommentedElement {
    private(set) var key = 0
    private(set) var comment = ""
    private var bytes: [UInt8] = []
    private var keyPlace = 0

    /// No element.
    init() {}

    /// Takes the next element; false when it has no key.
    mutating func take(_ element: UnsafeRawBufferPointer) -> Bool {
        if !differsInKeyOnly(element) {
            let attributes = Attributes(element)
            guard let value = attributes.nest(NFTA_SET_ELEM_KEY.rawValue).first(NFTA_DATA_VALUE.rawValue),
                value.count >= 4, let start = element.baseAddress, let place = value.baseAddress
            else { return false }
            (bytes, keyPlace) = (Array(element), place - start)
            comment = attributes.first(NFTA_SET_ELEM_USERDATA.rawValue).flatMap { UserData.comment(in: $0) } ?? ""
        }
        key = Int(element.loadUnaligned(fromByteOffset: keyPlace, as: UInt32.self))
        return true
    }

    private func differsInKeyOnly(_ element: UnsafeRawBufferPointer) -> Bool {
        guard element.count == bytes.count, let new = element.baseAddress else { return false }
        return bytes.withUnsafeBytes { old in
            guard let old = old.baseAddress else { return false }
            let rest = keyPlace + 4
            return memcmp(old, new, keyPlace) == 0 && memcmp(old + rest, new + rest, bytes.count - rest) == 0
        }
    }
}
