import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

/// Masks of xt_cluster's matches as they are to be, so that a node answers a bucket, or does not any more.
///
/// Rules stay where they are, with their counters and comments: one that is left with no bucket matches nothing, and is the
/// first to get the next.
struct RuleEdit {
    private var masks: [(place: RulePlace, buckets: BucketSet)] = []

    /// The edit for one bucket of a cluster address.
    ///
    /// - Throws: `.notSupported` for rules in which no mask says what the node answers, and for those of several tables of
    ///   iptables-legacy.
    init(_ bucket: Int, owned owns: Bool, in found: FoundCluster) throws(DriverError) {
        let letting = found.deciding.filter { $0.rule.action != .drop }
        let rules = letting.isEmpty ? found.deciding : letting
        let isPlain = rules.allSatisfy { $0.test.isInverted == letting.isEmpty && $0.test.needsTracking }
        let tables = Set(rules.map { [$0.place.filter.rawValue, $0.place.filter == .legacy ? $0.place.table : ""] })
        guard !rules.isEmpty, isPlain, tables.count == 1 else {
            throw DriverError(
                .notSupported, "No mask of one table's rules says alone which buckets of \(found.address) are answered."
            )
        }
        let chosen =
            letting.isEmpty || !owns ? rules : [rules.first { $0.test.buckets.isEmpty } ?? rules[rules.count - 1]]
        for rule in chosen where rule.test.buckets.contains(bucket) != owns {
            let buckets = owns ? rule.test.buckets.union([bucket]) : rule.test.buckets.subtracting([bucket])
            masks.append((rule.place, buckets))
        }
    }

    /// Whether the rules are iptables-legacy's.
    static func isLegacy(_ found: FoundCluster) -> Bool { found.deciding.contains { $0.place.filter == .legacy } }

    /// Replaces the one table that the rules are in; nobody else may write tables meanwhile.
    func commit(_ legacy: LegacyTables) throws(KernelError) {
        guard let first = masks.first?.place else { return }
        guard let table = try legacy.table(first.table, family: first.family) else {
            throw KernelError(number: KernelError.restart)
        }
        var change = LegacyChange(table)
        for (place, buckets) in masks { change.set(buckets, ofRuleAt: Int(clamping: place.handle)) }
        try legacy.replace(change)
    }

    /// Replaces the rules in one transaction, unless the ruleset has changed since they were read.
    func commit(_ socket: NetlinkSocket, generation: UInt32) throws(KernelError) {
        var objects: [OpaquePointer] = []
        defer { objects.forEach { nftnl_rule_free($0) } }
        var transaction = RulesetTransaction(socket, generation: generation)
        for (place, buckets) in masks {
            let object = try Self.load(place, socket)
            objects.append(object)
            try Self.write(buckets, into: object)
            transaction.add(NFT_MSG_NEWRULE, family: place.family.number, flags: NLM_F_REPLACE) {
                nftnl_rule_nlmsg_build_payload($0, object)
            }
        }
        if !masks.isEmpty { try transaction.commit() }
    }

    /// The rule as the kernel holds it; the caller frees it.
    private static func load(_ place: RulePlace, _ socket: NetlinkSocket) throws(KernelError) -> OpaquePointer {
        var found: OpaquePointer?
        try socket.request(
            type: NFT_MSG_GETRULE.nfnetlinkType,
            flags: NLM_F_ROOT | NLM_F_MATCH,
            extra: MessageBuffer.nfnetlink(family: place.family.number),
            build: { mnl_attr_put_strz($0, UInt16(NFTA_RULE_TABLE.rawValue), place.table) },
            handle: { answer in
                guard found == nil, let object = nftnl_rule_alloc() else { return }
                let isIt =
                    nftnl_rule_nlmsg_parse(answer.header, object) >= 0
                    && nftnl_rule_get_u64(object, UInt16(NFTNL_RULE_HANDLE.rawValue)) == place.handle
                    && Attributes(nfnetlink: answer).first(NFTA_RULE_CHAIN.rawValue)?.text == place.chain
                if isIt { found = object } else { nftnl_rule_free(object) }
            })
        // It went since it was read.
        guard let found else { throw KernelError(number: KernelError.restart) }
        nftnl_rule_unset(found, UInt16(NFTNL_RULE_POSITION.rawValue))
        return found
    }

    private static func write(_ buckets: BucketSet, into object: OpaquePointer) throws(KernelError) {
        guard let iterator = nftnl_expr_iter_create(object) else { throw KernelError(number: ENOMEM) }
        defer { nftnl_expr_iter_destroy(iterator) }
        while let pointer = nftnl_expr_iter_next(iterator) {
            let expression = NftExpression(pointer)
            guard expression.name == "match", expression.text(NFTNL_EXPR_MT_NAME) == "cluster" else { continue }
            let bytes = expression.bytes(NFTNL_EXPR_MT_INFO)
            // libnftnl keeps the memory that it is given.
            guard bytes.count >= MemoryLayout<xt_cluster_match_info>.size, let data = malloc(bytes.count) else {
                throw KernelError(number: ENOMEM)
            }
            data.copyMemory(from: bytes, byteCount: bytes.count)
            data.assumingMemoryBound(to: xt_cluster_match_info.self).pointee.node_mask = buckets.reduce(0) {
                $0 | 1 << UInt32($1 - 1)
            }
            nftnl_expr_set(pointer, UInt16(NFTNL_EXPR_MT_INFO), data, UInt32(bytes.count))
            return
        }
        throw KernelError(number: KernelError.restart)
    }
}
