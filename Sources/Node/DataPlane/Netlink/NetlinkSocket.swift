import CNetfilter
import Glibc

/// A netlink socket for requests and their answers; kept open, because closing one waits for a grace period of the kernel.
///
/// The kernel works on a request while it is being sent, so that every answer is there when it is read: nothing here waits.
final class NetlinkSocket {
    /// One message of an answer, and what follows its header; both are valid only while they are handled.
    typealias Answer = (header: UnsafePointer<nlmsghdr>, body: UnsafeRawBufferPointer)

    let descriptor: Int32
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
    private var sequence: UInt32 = 0

    /// Opens a socket of a netlink protocol, such as `NETLINK_NETFILTER`.
    init(_ family: Int32) throws(KernelError) {
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
    func checkRequestsStrictly() {
        var on: Int32 = 1
        setsockopt(
            descriptor, Int32(SOL_NETLINK), Int32(NETLINK_GET_STRICT_CHK), &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The next unused sequence number; never 0.
    func nextSequence() -> UInt32 {
        sequence = max(sequence &+ 1, 1)
        return sequence
    }

    /// Sends messages as one datagram.
    func send(_ messages: MessageBuffer) throws(KernelError) {
        let sent = messages.bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, 0) }
        guard sent == messages.bytes.count else { throw sent < 0 ? .last : KernelError(number: EMSGSIZE) }
    }

    /// Reads answers to `sequences` until the last of them is acknowledged or a dump ends, or until the first answer
    /// of a request that has just one and asked for no acknowledgement.
    ///
    /// - Returns: whether the dump was interrupted by a change and has to be read again.
    /// - Throws: the first error among the answers; `EAGAIN` when the kernel gave none.
    @discardableResult
    func receive(
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

    /// Takes one message off the front.
    static func message(_ rest: inout UnsafeRawBufferPointer) -> Answer? {
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
    func request<Extra>(
        type: UInt16, flags: Int32, extra: Extra, restart: () -> Void = {},
        build: (UnsafeMutablePointer<nlmsghdr>) -> Void = { _ in }, handle: (Answer) -> Void = { _ in }
    ) throws(KernelError) {
        for _ in 0..<64 {
            let sequence = nextSequence()
            var message = MessageBuffer()
            message.append(
                type: type, flags: NLM_F_REQUEST | flags, sequence: sequence, extra: extra, build: build)
            try send(message)
            guard try receive(sequence...sequence, handle) else { return }
            restart()
        }
        throw KernelError(number: EBUSY)
    }
}
