import CNetfilter
import Glibc
import LinuxNode
import Responsibility

/// A transaction over rules of other programs, which the kernel refuses when the ruleset is not at this generation.
struct RuleBatch {
    private let socket: NetlinkSocket
    private let first: UInt32
    private var last: UInt32
    private var messages = MessageBuffer()

    /// Begins a transaction.
    init(_ socket: NetlinkSocket, generation: UInt32) {
        self.socket = socket
        first = socket.nextSequence()
        last = first
        messages.append(
            type: UInt16(NFNL_MSG_BATCH_BEGIN), flags: NLM_F_REQUEST, sequence: first,
            extra: MessageBuffer.nfnetlink(family: AF_UNSPEC, resource: UInt16(NFNL_SUBSYS_NFTABLES))
        ) { mnl_attr_put_u32($0, UInt16(NFNL_BATCH_GENID.rawValue), generation.bigEndian) }
    }

    /// Adds a message about a rule.
    mutating func add(
        _ type: nf_tables_msg_types, _ family: IPAddress.Family, flags: Int32 = 0,
        build: (UnsafeMutablePointer<nlmsghdr>) -> Void
    ) {
        last = socket.nextSequence()
        messages.append(
            type: UInt16(NFNL_SUBSYS_NFTABLES << 8) | UInt16(type.rawValue), flags: NLM_F_REQUEST | flags,
            sequence: last, extra: MessageBuffer.nfnetlink(family: family == .v4 ? AF_INET : AF_INET6), build: build)
    }

    /// Sends the transaction and waits for its end.
    consuming func commit() throws(KernelError) {
        messages.acknowledgeLast()
        messages.append(
            type: UInt16(NFNL_MSG_BATCH_END), flags: NLM_F_REQUEST, sequence: socket.nextSequence(),
            extra: MessageBuffer.nfnetlink(family: AF_UNSPEC, resource: UInt16(NFNL_SUBSYS_NFTABLES)))
        try socket.send(messages)
        try socket.receive(first...last)
    }
}
