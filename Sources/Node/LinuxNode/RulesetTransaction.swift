import CNetfilter
import Glibc
import Responsibility

/// Messages to nf_tables that come to be together, or not at all.
package struct RulesetTransaction {
    package let socket: NetlinkSocket
    private let first: UInt32
    private var last: UInt32
    private var messages = MessageBuffer()

    /// Begins a transaction that the kernel refuses with `ERESTART` when the ruleset is not at this generation; 0: at any.
    package init(_ socket: NetlinkSocket, generation: UInt32) {
        self.socket = socket
        first = socket.nextSequence()
        last = first
        messages.append(
            type: UInt16(NFNL_MSG_BATCH_BEGIN), flags: NLM_F_REQUEST, sequence: first,
            extra: MessageBuffer.nfnetlink(family: AF_UNSPEC, resource: UInt16(NFNL_SUBSYS_NFTABLES))
        ) { mnl_attr_put_u32($0, UInt16(NFNL_BATCH_GENID.rawValue), generation.bigEndian) }
    }

    /// The number of the next message, for one that is added or that could not be made.
    package mutating func number() -> UInt32 {
        last = socket.nextSequence()
        return last
    }

    /// Adds a message of nf_tables; returns its number, by which an error names it.
    @discardableResult
    package mutating func add(
        _ type: nf_tables_msg_types, family: Int32, flags: Int32 = 0, build: (UnsafeMutablePointer<nlmsghdr>) -> Void
    ) -> UInt32 {
        let number = number()
        messages.append(
            type: type.nfnetlinkType, flags: NLM_F_REQUEST | flags, sequence: number,
            extra: MessageBuffer.nfnetlink(family: family), build: build)
        return number
    }

    /// Sends the transaction without its end: the kernel says what it would refuse, and nothing comes to be.
    ///
    /// Source: net/netfilter/nfnetlink.c, `nfnetlink_rcv_batch`.
    package consuming func rehearse() throws(KernelError) {
        messages.acknowledgeLast()
        try socket.send(messages)
        try socket.receive(first...last)
    }

    /// Sends the transaction and waits for its end.
    package consuming func commit() throws(KernelError) {
        messages.acknowledgeLast()
        messages.append(
            type: UInt16(NFNL_MSG_BATCH_END), flags: NLM_F_REQUEST, sequence: socket.nextSequence(),
            extra: MessageBuffer.nfnetlink(family: AF_UNSPEC, resource: UInt16(NFNL_SUBSYS_NFTABLES)))
        try socket.send(messages)
        try socket.receive(first...last)
    }
}

extension nf_tables_msg_types {
    /// The netlink message type: the subsystem in the high byte.
    package var nfnetlinkType: UInt16 { UInt16(NFNL_SUBSYS_NFTABLES << 8) | UInt16(rawValue) }
}

extension IPAddress.Family {
    /// The family's number, in netfilter as for sockets.
    package var number: Int32 { self == .v4 ? AF_INET : AF_INET6 }
}
