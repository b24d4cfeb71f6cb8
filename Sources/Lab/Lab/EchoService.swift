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
