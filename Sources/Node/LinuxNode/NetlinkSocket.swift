import CNetfilter
import Glibc

/// A netlink socket for requests and their answers; kept open, because closing one waits for a grace period of the kernel.
///
/// The kernel works on a request while it is being sent, so that every answer is there when it is read: nothing here waits.
package final class NetlinkSocket {
    /// One message of an answer, and what follows its header; both are valid only while they are handled.
    package typealias Answer = (header: UnsafePointer<nlmsghdr>, body: UnsafeRawBufferPointer)

    package let descriptor: Int32
    package let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
    private var sequence: UInt32 = 0

    /// Opens a socket of a netlink protocol, such as `NETLINK_NETFILTER`.
    package init(_ family: Int32) throws(KernelError) {
        descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), family)
        guard descriptor >= 0 else { throw .last }
        var size: Int32 = 16 << 20
        for option in [SO_SNDBUFFORCE, SO_RCVBUFFORCE] {
            setsockopt(descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        buffer.deallocate()
    }

    /// Lets the kernel honour what a dump request of rtnetlink asks for (Linux 4.20; without it, more is dumped).
    package func checkRequestsStrictly() {
        var on: Int32 = 1
        setsockopt(
            descriptor, Int32(SOL_NETLINK), Int32(NETLINK_GET_STRICT_CHK), &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The next unused sequence number; never 0.
    package func nextSequence() -> UInt32 {
        sequence = max(sequence &+ 1, 1)
        return sequence
    }

    /// Sends messages as one datagram.
    package func send(_ messages: MessageBuffer) throws(KernelError) {
        let sent = messages.bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, 0) }
        guard sent == messages.bytes.count else { throw sent < 0 ? .last : KernelError(number: EMSGSIZE) }
    }

    /// Reads answers to `sequences` until the last of them is acknowledged or a dump ends, or until the first answer
    /// of a request that has just one and asked for no acknowledgement.
    ///
    /// - Returns: whether the dump was interrupted by a change and has to be read again.
    /// - Throws: the first error among the answers; `EAGAIN` when the kernel gave none.
    @discardableResult
    package func receive(
        _ sequences: ClosedRange<UInt32>, isSingle: Bool = false, _ handle: (Answer) -> Void = { _ in }
    ) throws(KernelError) -> Bool {
        var refusal: KernelError?
        var interrupted = false
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw refusal ?? .last
            }
            var rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
            while let (header, body) = Self.message(&rest) {
                guard sequences.contains(header.pointee.nlmsg_seq) else { continue }
                interrupted = interrupted || Int32(header.pointee.nlmsg_flags) & NLM_F_DUMP_INTR != 0
                switch Int32(header.pointee.nlmsg_type) {
                case NLMSG_ERROR, NLMSG_DONE:
                    let number = -(body.native(Int32.self) ?? 0)
                    if number > 0, refusal == nil {
                        refusal = KernelError(number: number, sequence: header.pointee.nlmsg_seq)
                    }
                    let isLast = header.pointee.nlmsg_seq == sequences.upperBound || number == KernelError.restart
                    if isLast, let refusal { throw refusal }
                    if isLast { return interrupted }
                default:
                    handle((header, body))
                    if isSingle { return false }
                }
            }
        }
    }

    /// Hands over the messages of one datagram; returns its length, below 0 when there was none.
    func receiveOnce(_ handle: (Answer) -> Void) -> Int {
        var count = -1
        repeat {
            count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
        } while count < 0
            && errno == EINTR
        guard count > 0 else { return count }
        var rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
        while let answer = Self.message(&rest) { handle(answer) }
        return count
    }

    /// Takes one message off the front.
    package static func message(_ rest: inout UnsafeRawBufferPointer) -> Answer? {
        let headerSize = MemoryLayout<nlmsghdr>.size
        guard rest.count >= headerSize, let header = rest.baseAddress?.assumingMemoryBound(to: nlmsghdr.self)
        else { return nil }
        let length = Int(header.pointee.nlmsg_len)
        guard length >= headerSize, length <= rest.count else { return nil }
        let body = UnsafeRawBufferPointer(rebasing: rest[headerSize..<length])
        rest = UnsafeRawBufferPointer(rebasing: rest[min((length + 3) & ~3, rest.count)...])
        return (header, body)
    }

    /// Sends one request and hands over its answers; a dump that a change interrupted starts again after `restart`.
    package func request<Extra>(
        type: UInt16, flags: Int32, extra: Extra, restart: () -> Void = {},
        build: (UnsafeMutablePointer<nlmsghdr>) -> Void = { _ in }, handle: (Answer) -> Void = { _ in }
    ) throws(KernelError) {
        for _ in 0..<64 {
            guard try requestOnce(type: type, flags: flags, extra: extra, build: build, handle: handle) else { return }
            restart()
        }
        throw KernelError(number: EBUSY)
    }

    /// Sends one request and hands over its answers; returns whether it was a dump that a change interrupted.
    package func requestOnce<Extra>(
        type: UInt16, flags: Int32, extra: Extra, build: (UnsafeMutablePointer<nlmsghdr>) -> Void = { _ in },
        handle: (Answer) -> Void = { _ in }
    ) throws(KernelError) -> Bool {
        let sequence = nextSequence()
        var message = MessageBuffer()
        message.append(type: type, flags: NLM_F_REQUEST | flags, sequence: sequence, extra: extra, build: build)
        try send(message)
        return try receive(sequence...sequence, handle)
    }
}

extension NetlinkSocket {
    /// Joins multicast groups of the socket's protocol; only a bound socket hears anything.
    package func subscribe(to groups: Int32...) throws(KernelError) {
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
            }
        }
        guard bound == 0 else { throw .last }
        let size = socklen_t(MemoryLayout<Int32>.size)
        for var group in groups {
            guard setsockopt(descriptor, Int32(SOL_NETLINK), Int32(NETLINK_ADD_MEMBERSHIP), &group, size) == 0 else {
                throw .last
            }
        }
    }

    /// Hands over every message that is there; returns whether there was any, lost ones included.
    @discardableResult
    package func drain(_ handle: (Answer) -> Void = { _ in }) -> Bool {
        var hasNews = false
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            guard count >= 0 else {
                if errno == EINTR { continue }
                guard errno == ENOBUFS else { return hasNews }
                hasNews = true
                continue
            }
            hasNews = true
            var rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
            while let answer = Self.message(&rest) { handle(answer) }
        }
    }
}

/// An error number that the kernel answered with, and the message it answered.
package struct KernelError: Error, Hashable {
    /// The error number, positive, such as `ENOENT`.
    package var number: Int32
    /// The sequence number of the message that was refused; 0 when none is known.
    package var sequence: UInt32

    /// The kernel asked to start again because the ruleset has changed: `ERESTART`, which user space has no name for.
    package static let restart: Int32 = 85

    /// An error by its number, and the message that it refuses.
    package init(number: Int32, sequence: UInt32 = 0) {
        self.number = number
        self.sequence = sequence
    }

    /// The current `errno`.
    package static var last: Self { Self(number: errno) }

    /// The C library's words for the number.
    package var text: String { Self.text(number) }

    /// The C library's words for an error number.
    package static func text(_ number: Int32) -> String {
        number == restart ? "The ruleset changed meanwhile" : String(cString: strerror(number))
    }
}
