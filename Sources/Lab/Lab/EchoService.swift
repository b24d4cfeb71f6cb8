import CLab
import Glibc
import Reactor

/// The echo service of a node on the cluster address: TCP and UDP, port 7777.
final class EchoService {
    /// What it has done.
    private(set) var statistics = ServiceStatistics()

    private let reactor: Reactor
    private let greeting: [UInt8]
    private let prefix: [UInt8]
    private let listener: Int32
    private let datagrams: Int32
    private var listening: Reactor.Token?
    private var connections: [Int32: EchoConnection] = [:]
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// Listens; the address need not be there yet.
    init(name: String, reactor: Reactor) throws(SystemError) {
        self.reactor = reactor
        greeting = Array("\(name)\n".utf8)
        prefix = Array("\(name) ".utf8)
        listener = try Self.open(SOCK_STREAM)
        datagrams = try Self.open(SOCK_DGRAM)
        Socket.set(datagrams, SOL_SOCKET, SO_RCVBUF, to: 1 << 20)
        guard listen(listener, 4096) == 0 else { throw SystemError("listen on the cluster address") }
        listening = try reactor.watch(listener) { [unowned self] _ in accept() }
        try reactor.watch(datagrams) { [unowned self] _ in answer() }
    }

    /// Serves, and tells its counters on standard output, until standard input ends.
    static func serve(_ name: String) throws(SystemError) -> Never {
        let reactor = try Reactor()
        let service = try EchoService(name: name, reactor: reactor)
        try reactor.watch(0) { _ in exit(0) }
        var told = service.statistics
        LabJSON.write(told, to: 1)
        reactor.after(0.5, repeating: true) {
            if service.statistics != told { LabJSON.write(service.statistics, to: 1) }
            told = service.statistics
        }
        reactor.run()
        exit(0)
    }

    private static func open(_ kind: __socket_type) throws(SystemError) -> Int32 {
        let descriptor = try Socket.make(kind)
        Socket.set(descriptor, SOL_SOCKET, SO_REUSEADDR)
        Socket.set(descriptor, Int32(IPPROTO_IP), IP_FREEBIND)
        try Socket.bind(descriptor, to: LabNetwork.clusterAddress, port: LabNetwork.port)
        return descriptor
    }

    /// Takes up to 256 connections, so that the ones already there get their turn.
    private func accept() {
        for _ in 0..<256 {
            let descriptor = clab_accept(listener)
            guard descriptor >= 0 else { return makeRoom() }
            Socket.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
            statistics.accepted &+= 1
            do {
                let connection = try EchoConnection(descriptor, greeting: greeting, reactor: reactor) {
                    [unowned self] in
                    connections[descriptor] = nil
                    statistics.connections = connections.count
                }
                connections[descriptor] = connection
                statistics.connections = connections.count
            } catch {
                close(descriptor)
            }
        }
    }

    /// With no descriptor left, the listener stays readable: it is not looked at for a moment.
    private func makeRoom() {
        guard errno == EMFILE || errno == ENFILE, let listening else { return }
        reactor.change(listening, to: [])
        reactor.after(0.01) { [weak self] in self?.reactor.change(listening, to: .readable) }
    }

    /// Answers up to 256 datagrams; one that would become too long loses its end.
    private func answer() {
        for _ in 0..<256 {
            var peer = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutablePointer(to: &peer) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(datagrams, &buffer, buffer.count, 0, $0, &length)
                }
            }
            guard count >= 0 else { return }
            let answer = (prefix + buffer[..<count]).prefix(65_507)
            let sent = answer.withUnsafeBytes { bytes in
                Socket.with(peer) { sendto(datagrams, bytes.baseAddress, bytes.count, 0, $0, $1) }
            }
            if sent >= 0 { statistics.datagrams &+= 1 }
        }
    }
}

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

/// What a node's echo service has done.
public struct ServiceStatistics: Hashable, Sendable, Codable {
    /// TCP connections open now.
    public var connections = 0
    /// TCP connections accepted.
    public var accepted: UInt64 = 0
    /// UDP datagrams answered.
    public var datagrams: UInt64 = 0

    /// Nothing done yet.
    public init() {}
}
