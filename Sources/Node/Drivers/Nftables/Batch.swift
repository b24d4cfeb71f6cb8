import CNetfilter
import ClusterModel
import Glibc
import LinuxNode

/// One nftables transaction in the making: all of it comes to be, or nothing.
struct Batch {
    /// What a message of the batch is about, for the sentence of an error.
    private(set) var labels: [UInt32: String] = [:]
    private var transaction: RulesetTransaction
    /// Why the transaction must not be sent; nil when all of it could be made.
    private var failure: KernelError?
    var socket: NetlinkSocket { transaction.socket }

    /// The largest number of elements in one message: an attribute's length has 16 bits.
    private static let elementsPerMessage = 400

    /// Begins a transaction that the kernel refuses with `ERESTART` when the ruleset is not at this generation.
    init(_ socket: NetlinkSocket, generation: UInt32) {
        transaction = RulesetTransaction(socket, generation: generation)
    }

    /// Adds a message of nf_tables.
    mutating func add(
        _ type: nf_tables_msg_types, family: Int32, flags: Int32 = 0, _ label: String,
        build: (UnsafeMutablePointer<nlmsghdr>) -> Void
    ) {
        labels[transaction.add(type, family: family, flags: flags, build: build)] = label
    }

    /// Notes that a part could not be made, for want of memory if nothing else is said; nothing is sent then.
    mutating func lack(_ label: String, _ number: Int32 = ENOMEM) {
        let sequence = transaction.number()
        labels[sequence] = label
        failure = failure ?? KernelError(number: number, sequence: sequence)
    }

    /// Adds elements to a set, or takes them out, in as many messages as it takes; comments are for new elements.
    mutating func elements(
        _ type: nf_tables_msg_types, table: String, set: String, _ buckets: some Sequence<Int>, comment: String? = nil
    ) {
        let userData = comment.map(UserData.comment)
        let all = Array(buckets)
        for start in stride(from: 0, to: all.count, by: Self.elementsPerMessage) {
            let part = all[start..<min(start + Self.elementsPerMessage, all.count)]
            var hasRoom = true
            add(
                type, family: AF_INET, flags: type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0,
                "elements of the set \(set)"
            ) {
                hasRoom = $0.putElements(table: table, set: set, part) { message, _ in
                    guard let userData else { return true }
                    let type = UInt16(NFTA_SET_ELEM_USERDATA.rawValue)
                    return mnl_attr_put_check(message, MessageBuffer.capacity, type, userData.count, userData)
                }
            }
            if !hasRoom { lack("elements of the set \(set)", EMSGSIZE) }
        }
    }

    /// Adds every bucket to a counting set, with what was counted before; a bucket without a count begins at 0.
    mutating func counters(table: String, set: String, _ counts: [PacketCount], keys: ClosedRange<Int>) {
        for start in stride(from: keys.lowerBound, through: keys.upperBound, by: Self.elementsPerMessage) {
            let part = start...min(start + Self.elementsPerMessage - 1, keys.upperBound)
            var hasRoom = false
            add(NFT_MSG_NEWSETELEM, family: AF_INET, flags: NLM_F_CREATE, "elements of the set \(set)") {
                hasRoom = $0.putElements(table: table, set: set, part) { message, key in
                    let index = key - keys.lowerBound
                    guard index < counts.count, counts[index] != PacketCount() else { return true }
                    return message.putCounter(counts[index])
                }
            }
            if !hasRoom { lack("elements of the set \(set)", EMSGSIZE) }
        }
    }

    /// Sends the transaction and waits for its end.
    ///
    /// - Throws: without having sent anything when a part of it could not be made.
    consuming func commit() throws(KernelError) {
        if let failure { throw failure }
        try transaction.commit()
    }
}

extension UnsafeMutablePointer<nlmsghdr> {
    /// Puts the attributes that name elements of a set of bucket numbers; `extra` adds what belongs to one element.
    ///
    /// - Returns: whether there was room for all of them.
    func putElements(
        table: String, set: String, _ buckets: some Sequence<Int>,
        extra: (UnsafeMutablePointer<nlmsghdr>, Int) -> Bool = { _, _ in true }
    ) -> Bool {
        let room = MessageBuffer.capacity
        guard mnl_attr_put_strz_check(self, room, UInt16(NFTA_SET_ELEM_LIST_TABLE.rawValue), table),
            mnl_attr_put_strz_check(self, room, UInt16(NFTA_SET_ELEM_LIST_SET.rawValue), set),
            let list = mnl_attr_nest_start_check(self, room, UInt16(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue))
        else { return false }
        for bucket in buckets {
            guard let element = mnl_attr_nest_start_check(self, room, UInt16(NFTA_LIST_ELEM.rawValue)),
                let key = mnl_attr_nest_start_check(self, room, UInt16(NFTA_SET_ELEM_KEY.rawValue)),
                mnl_attr_put_u32_check(
                    self, room, UInt16(NFTA_DATA_VALUE.rawValue), UInt32(truncatingIfNeeded: bucket))
            else { return false }
            mnl_attr_nest_end(self, key)
            guard extra(self, bucket) else { return false }
            mnl_attr_nest_end(self, element)
        }
        mnl_attr_nest_end(self, list)
        return true
    }

    /// Puts a counter that begins with these numbers, as an expression of the element that is being put.
    ///
    /// Source: net/netfilter/nft_counter.c, `nft_counter_do_init`.
    ///
    /// - Returns: whether there was room for it.
    fileprivate func putCounter(_ count: PacketCount) -> Bool {
        let room = MessageBuffer.capacity
        guard let expression = mnl_attr_nest_start_check(self, room, UInt16(NFTA_SET_ELEM_EXPR.rawValue)),
            mnl_attr_put_strz_check(self, room, UInt16(NFTA_EXPR_NAME.rawValue), "counter"),
            let data = mnl_attr_nest_start_check(self, room, UInt16(NFTA_EXPR_DATA.rawValue)),
            mnl_attr_put_u64_check(self, room, UInt16(NFTA_COUNTER_BYTES.rawValue), count.bytes.bigEndian),
            mnl_attr_put_u64_check(self, room, UInt16(NFTA_COUNTER_PACKETS.rawValue), count.packets.bigEndian)
        else { return false }
        mnl_attr_nest_end(self, data)
        mnl_attr_nest_end(self, expression)
        return true
    }
}
