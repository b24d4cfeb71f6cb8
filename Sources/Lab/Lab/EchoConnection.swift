import Glibc
import Reactor

/// One TCP connection to a node: the greeting, then every byte back; at most `limit` bytes wait for a slow reader.
final class EchoConnection {
    private static let limit = 1 << 16

    private let descriptor: Int32
    private let reactor: Reactor
    private let onEnd: () -> Void
    private var token: Reactor.Token?
    private var pending: [UInt8]
    private var sent = 0
    private var hasEnded = false
    private var interest: Readiness = .readable

    /// Serves an accepted socket, and calls `onEnd` once when it is closed.
    init(_ descriptor: Int32, greeting: [UInt8], reactor: Reactor, onEnd: @escaping () -> Void) throws(SystemError) {
        self.descriptor = descriptor
        self.reactor = reactor
        self.onEnd = onEnd
        pending = greeting
        token = try reactor.watch(descriptor) { [unowned self] in serve($0) }
        flush()
    }

    private func serve(_ readiness: Readiness) {
        if readiness.contains(.readable), !hasEnded, pending.count - sent < Self.limit { receive() }
        if token != nil { flush() }
    }

    private func receive() {
        withUnsafeTemporaryAllocation(byteCount: Self.limit, alignment: 1) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 {
                pending += buffer[..<count]
            } else if count == 0 {
                hasEnded = true
            } else if errno != EAGAIN, errno != EINTR {
                close()
            }
        }
    }

    private func flush() {
        while sent < pending.count {
            let count = pending[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { break }
            guard count > 0 else { return close() }
            sent += count
        }
        if sent == pending.count {
            pending.removeAll(keepingCapacity: pending.capacity <= 4096)
            sent = 0
            if hasEnded { return close() }
        }
        update()
    }

    private func update() {
        var wanted: Readiness = []
        if sent < pending.count { wanted.insert(.writable) }
        if !hasEnded, pending.count - sent < Self.limit { wanted.insert(.readable) }
        guard wanted != interest, let token else { return }
        interest = wanted
        reactor.change(token, to: wanted)
    }

    private func close() {
        guard let token else { return }
        self.token = nil
        reactor.cancel(token)
        Glibc.close(descriptor)
        onEnd()
    }
}
