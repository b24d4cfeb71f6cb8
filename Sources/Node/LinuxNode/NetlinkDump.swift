import CNetfilter
import Glibc

/// A dump that is read part by part, over a socket of its own; the kernel works on it only while a part is read.
package final class NetlinkDump {
    /// What a part was followed by.
    package enum Progress: Hashable {
        /// More of the dump.
        case more
        /// Nothing; an interrupted one may lack what was there all the time, because something changed meanwhile.
        case end(isInterrupted: Bool)
    }

    private let socket: NetlinkSocket
    private var sequence: UInt32?
    private var isInterrupted = false

    /// Whether a dump has begun and not ended.
    package var isRunning: Bool { sequence != nil }

    /// A dump that has not begun, of a netlink protocol such as `NETLINK_NETFILTER`.
    package init(_ family: Int32) throws(KernelError) { socket = try NetlinkSocket(family) }

    /// Begins; what another dump of before has left is let fall.
    package func begin<Extra>(
        type: UInt16, extra: Extra, build: (UnsafeMutablePointer<nlmsghdr>) -> Void
    ) throws(KernelError) {
        while isRunning { _ = try readPart { _ in } }
        let next = socket.nextSequence()
        var message = MessageBuffer()
        message.append(
            type: type, flags: NLM_F_REQUEST | NLM_F_ROOT | NLM_F_MATCH, sequence: next, extra: extra, build: build)
        try socket.send(message)
        (sequence, isInterrupted) = (next, false)
    }

    /// Reads one part, of 32 KiB at most; the kernel then makes the next one.
    ///
    /// - Throws: what the kernel refused the dump with, which is over then.
    package func readPart(_ handle: (NetlinkSocket.Answer) -> Void) throws(KernelError) -> Progress {
        guard let sequence else { return .end(isInterrupted: false) }
        var end: Int32?
        let count = socket.receiveOnce { answer in
            guard answer.header.pointee.nlmsg_seq == sequence else { return }
            isInterrupted = isInterrupted || Int32(answer.header.pointee.nlmsg_flags) & NLM_F_DUMP_INTR != 0
            switch Int32(answer.header.pointee.nlmsg_type) {
            case NLMSG_ERROR, NLMSG_DONE: end = -(answer.body.native(Int32.self) ?? 0)
            default: handle(answer)
            }
        }
        if count < 0 { end = errno }
        guard let end else { return .more }
        self.sequence = nil
        guard end <= 0 else { throw KernelError(number: end) }
        return .end(isInterrupted: isInterrupted)
    }
}
