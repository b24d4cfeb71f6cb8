import CNetfilter
import ClusterModel
import LinuxNode

extension Batch {
    /// Adds everything that makes a node a member: both tables, sets, chains, rules, elements.
    mutating func create(_ stored: StoredConfiguration, _ contents: TableContents) {
        let table = stored.table
        let total = stored.configuration.bucketCount
        addTable(table.name, family: AF_INET)
        for set in table.layout.countingSets {
            let comment = set == table.layout.describingSet ? stored.description : "packets by bucket"
            let kind = table.countsMarks(in: set) ? SetKind.countsMarks : .counts
            addSet(set, table: table.name, total: total, kind: kind, comment: comment)
            counters(table: table.name, set: set, contents.counters(of: set), keys: table.keys(of: set))
        }
        for set in BucketTable.ownershipSets {
            addSet(set, table: table.name, total: total, comment: nil)
            for (mark, buckets) in contents.elements(of: set, bucketCount: total) {
                elements(NFT_MSG_NEWSETELEM, table: table.name, set: set, buckets, comment: mark)
            }
        }
        for set in table.layout.furtherSets {
            let size = set == BucketTable.misled ? BucketTable.misledLimit : 2 * total + 2
            addSet(set, table: table.name, total: size, kind: SetKind(ofFurther: set), comment: nil)
            if set == BucketTable.sticky {
                elements(NFT_MSG_NEWSETELEM, table: table.name, set: set, contents.sticky)
            }
        }
        for set in table.layout.noteSets { addNotes(set, table: table.name) }
        for (key, name) in contents.members {
            elements(NFT_MSG_NEWSETELEM, table: table.name, set: BucketTable.members, [key], comment: name)
        }
        for (id, note) in contents.notes {
            elements(
                NFT_MSG_NEWSETELEM, table: table.name, set: BucketTable.operations, [BucketTable.noteKey(id)],
                comment: note.line(of: id))
        }
        for chain in table.chains { addChain(chain, table: table.name, family: AF_INET) }
        addTable(table.name, family: Int32(NFPROTO_ARP))
        addChain(table.arpChain, table: table.name, family: Int32(NFPROTO_ARP))
    }

    /// Adds a table that counts packets and decides nothing.
    mutating func create(_ observer: ObserverTable) {
        addTable(observer.name, family: AF_INET)
        for (set, kind) in [(observer.arrived, SetKind.counts), (observer.accepted, .countsMarks)] {
            addSet(set, table: observer.name, total: observer.keys.count, kind: kind, comment: "packets by bucket")
            counters(table: observer.name, set: set, [], keys: observer.keys)
        }
        for chain in observer.chains { addChain(chain, table: observer.name, family: AF_INET) }
    }

    /// Removes a table with everything in it.
    mutating func deleteTable(_ name: String, family: Int32) {
        add(NFT_MSG_DELTABLE, family: family, "the table \(name)") {
            mnl_attr_put_strz($0, UInt16(NFTA_TABLE_NAME.rawValue), name)
        }
    }

    /// Adds a table, or takes one that may be there already.
    mutating func addTable(_ name: String, family: Int32, flags: UInt32 = 0, isNew: Bool = true) {
        add(NFT_MSG_NEWTABLE, family: family, flags: NLM_F_CREATE | (isNew ? NLM_F_EXCL : 0), "the table \(name)") {
            mnl_attr_put_strz($0, UInt16(NFTA_TABLE_NAME.rawValue), name)
            mnl_attr_put_u32($0, UInt16(NFTA_TABLE_FLAGS.rawValue), flags.bigEndian)
        }
    }

    /// What a set of buckets is besides that.
    private enum SetKind {
        case plain
        /// Each element has a counter.
        case counts
        /// The same, and the elements are connections' marks.
        case countsMarks
        /// Rules put elements in.
        case learns
        /// Rules put elements in, for some time.
        case forgets
        /// The same, and the elements are MACs.
        case forgetsNeighbours

        init(ofFurther set: String) {
            switch set {
            case BucketTable.opened: self = .forgets
            case BucketTable.misled: self = .forgetsNeighbours
            case BucketTable.unmarked, BucketTable.uncounted: self = .learns
            default: self = .plain
            }
        }

        /// What nft takes the elements for.
        var keyType: UInt32 {
            switch self {
            case .countsMarks: UInt32(CLUSTERIP_TYPE_MARK)
            case .forgetsNeighbours: UInt32(CLUSTERIP_TYPE_ETHERADDR)
            case .plain, .counts, .learns, .forgets: UInt32(CLUSTERIP_TYPE_INTEGER)
            }
        }

        /// Source: include/uapi/linux/netfilter/nf_tables.h, `enum nft_set_flags`.
        var flags: UInt32 {
            switch self {
            case .learns: UInt32(NFT_SET_EVAL.rawValue)
            case .forgets, .forgetsNeighbours: UInt32(NFT_SET_EVAL.rawValue | NFT_SET_TIMEOUT.rawValue)
            case .plain, .counts, .countsMarks: 0
            }
        }
    }

    /// Adds a set of notes, or leaves the one that is there.
    mutating func addNotes(_ set: String, table: String) {
        addSet(set, table: table, total: BucketTable.noteLimit, comment: nil)
    }

    private mutating func addSet(
        _ name: String, table: String, total: Int, kind: SetKind = .plain, comment: String?
    ) {
        guard let set = nftnl_set_alloc() else { return lack("the set \(name)") }
        defer { nftnl_set_free(set) }
        nftnl_set_set_str(set, UInt16(NFTNL_SET_TABLE.rawValue), table)
        nftnl_set_set_str(set, UInt16(NFTNL_SET_NAME.rawValue), name)
        nftnl_set_set_u32(set, UInt16(NFTNL_SET_FAMILY.rawValue), UInt32(AF_INET))
        nftnl_set_set_u32(set, UInt16(NFTNL_SET_ID.rawValue), socket.nextSequence())
        nftnl_set_set_u32(set, UInt16(NFTNL_SET_KEY_TYPE.rawValue), kind.keyType)
        nftnl_set_set_u32(set, UInt16(NFTNL_SET_KEY_LEN.rawValue), UInt32(BucketTable.keyLength(of: name)))
        nftnl_set_set_u32(set, UInt16(NFTNL_SET_DESC_SIZE.rawValue), UInt32(total))
        if kind != .forgetsNeighbours {
            let userData = UserData.bucketSet(comment: comment, isOfMarks: kind == .countsMarks)
            nftnl_set_set_data(set, UInt16(NFTNL_SET_USERDATA.rawValue), userData, UInt32(userData.count))
        }
        if kind == .counts || kind == .countsMarks {
            guard let counter = nftnl_expr_alloc("counter") else { return lack("the counters of the set \(name)") }
            nftnl_set_add_expr(set, counter)
        }
        if kind.flags != 0 { nftnl_set_set_u32(set, UInt16(NFTNL_SET_FLAGS.rawValue), kind.flags) }
        add(NFT_MSG_NEWSET, family: AF_INET, flags: NLM_F_CREATE, "the set \(name)") {
            nftnl_set_nlmsg_build_payload($0, set)
        }
    }

    mutating func addChain(_ chain: Chain, table: String, family: Int32) {
        guard let object = nftnl_chain_alloc() else { return lack("the chain \(chain.name)") }
        defer { nftnl_chain_free(object) }
        nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TABLE.rawValue), table)
        nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_NAME.rawValue), chain.name)
        if let hook = chain.hook {
            nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TYPE.rawValue), "filter")
            nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_HOOKNUM.rawValue), hook.number)
            nftnl_chain_set_s32(object, UInt16(NFTNL_CHAIN_PRIO.rawValue), hook.priority)
            nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_POLICY.rawValue), UInt32(NF_ACCEPT))
        }
        add(NFT_MSG_NEWCHAIN, family: family, flags: NLM_F_CREATE, "the chain \(chain.name)") {
            nftnl_chain_nlmsg_build_payload($0, object)
        }
        for rule in chain.rules { addRule(rule, chain: chain.name, table: table, family: family) }
    }

    private mutating func addRule(_ rule: Rule, chain: String, table: String, family: Int32) {
        guard let object = rule.make() else { return lack("the rule \"\(rule.comment)\" of the chain \(chain)") }
        defer { nftnl_rule_free(object) }
        nftnl_rule_set_u32(object, UInt16(NFTNL_RULE_FAMILY.rawValue), UInt32(family))
        nftnl_rule_set_str(object, UInt16(NFTNL_RULE_TABLE.rawValue), table)
        nftnl_rule_set_str(object, UInt16(NFTNL_RULE_CHAIN.rawValue), chain)
        add(
            NFT_MSG_NEWRULE, family: family, flags: NLM_F_CREATE | NLM_F_APPEND,
            "the rule \"\(rule.comment)\" of the chain \(chain)"
        ) { nftnl_rule_nlmsg_build_payload($0, object) }
    }
}
