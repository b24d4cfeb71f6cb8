import Glibc
import Reactor
import Responsibility

/// TCP connections from many sources, some long, most short; every connection and every line expects one answer.
final class TCPTraffic {
    /// After so long without an answer a connection is given up, in nanoseconds.
    private static let patience: UInt64 = 10_000_000_000

    private(set) var ledger = TrafficLedger()
    /// Answers by node; only the lab's own names are counted.
    private(set) var answers: [String: UInt64]
    private(set) var connections: [TrafficConnection] = []

    private let reactor: Reactor
    private let sources: TrafficSources
    private let target: Int

    /// Traffic that keeps `target` connections open.
    init(nodes: [String], target: Int, sources: TrafficSources, reactor: Reactor) {
        answers = Dictionary(uniqueKeysWithValues: nodes.map { ($0, 0) })
        self.target = target
        self.sources = sources
        self.reactor = reactor
    }

    /// Sends a number of requests: opens a connection where one is missing, else a line on one that is idle.
    func send(_ count: Int) {
        for _ in 0..<count {
            if connections.count < target {
                open()
            } else if let connection = connections.randomElement(), connection.request == nil {
                if connection.rest > 0 {
                    connection.sendLine(request: ledger.sent(at: Reactor.now))
                } else {
                    drop(connection)
                }
            }
        }
    }

    /// Judges what is a second old, and gives up connections without an answer.
    func judgeOverdue() {
        let now = Reactor.now
        ledger.judge(at: now)
        for connection in connections where connection.request != nil && connection.sentAt &+ Self.patience <= now {
            ledger.reset()
            drop(connection)
        }
    }

    private func open() {
        let lines = Int.random(in: 0..<4) == 0 ? Int.random(in: 50...500) : Int.random(in: 0...10)
        let connection = try? TrafficConnection(from: sources.draw(), lines: lines, reactor: reactor) {
            [unowned self] in received($1, on: $0)
        }
        guard let connection else { return }
        connection.request = ledger.sent(at: Reactor.now)
        connections.append(connection)
    }

    private func received(_ event: TrafficConnection.Event, on connection: TrafficConnection) {
        switch event {
        case .answered(let node):
            if answers[node] == nil { ledger.wrong() }
            answers[node]? &+= 1
            if let request = connection.request { _ = ledger.answered(request) }
            connection.request = nil
        case .wrong: ledger.wrong()
        case .lost:
            ledger.reset()
            drop(connection)
        }
    }

    private func drop(_ connection: TrafficConnection) {
        connection.close()
        connections.removeAll { $0 === connection }
    }
}

/// One TCP connection of the client: it expects the node's name, then sends lines and expects each back.
final class TrafficConnection {
    /// What the connection has come to.
    enum Event {
        /// The name of the node that took the connection, or the line that was sent, has arrived.
        case answered(node: String)
        /// Something else has arrived.
        case wrong
        /// The other side has ended it; it is closed.
        case lost
    }

    /// The number of the request that is not answered yet; nil when the connection is idle.
    var request: UInt64?
    /// When that was sent.
    private(set) var sentAt: UInt64
    /// Lines still to send.
    private(set) var rest: Int
    private(set) var node: String?

    private let descriptor: Int32
    private let reactor: Reactor
    private let onEvent: (TrafficConnection, Event) -> Void
    private var token: Reactor.Token?
    private var expected: [UInt8] = []
    private var received: [UInt8] = []

    /// Begins to connect from a source address.
    init(
        from source: IPv4Address, lines: Int, reactor: Reactor,
        onEvent: @escaping (TrafficConnection, Event) -> Void
    ) throws(SystemError) {
        rest = lines
        self.reactor = reactor
        self.onEvent = onEvent
        sentAt = Reactor.now
        descriptor = try Socket.make(SOCK_STREAM)
        Socket.set(descriptor, Int32(IPPROTO_IP), 24 /* IP_BIND_ADDRESS_NO_PORT */)
        Socket.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
        do throws(SystemError) {
            try Socket.bind(descriptor, to: source, port: 0)
            let code = Socket.connect(descriptor, to: LabNetwork.clusterAddress, port: LabNetwork.port)
            guard code == 0 else { throw SystemError("connect from \(source)", code: code) }
            token = try reactor.watch(descriptor) { [unowned self] _ in receive() }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// Sends a line of random length.
    func sendLine(request: UInt64) {
        rest -= 1
        self.request = request
        sentAt = Reactor.now
        expected = Array("\(request) ".utf8) + [UInt8](repeating: UInt8(ascii: "."), count: .random(in: 0...400))
        expected.append(UInt8(ascii: "\n"))
        let count = expected.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count != expected.count { lose() }
    }

    /// Closes it from this side.
    func close() {
        guard let token else { return }
        self.token = nil
        reactor.cancel(token)
        Glibc.close(descriptor)
    }

    private func lose() {
        close()
        onEvent(self, .lost)
    }

    private func receive() {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { received += buffer[..<count] }
            if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { lose() }
        }
        guard token != nil, received.last == UInt8(ascii: "\n") else { return }
        judge()
        received.removeAll(keepingCapacity: true)
    }

    private func judge() {
        if let node {
            onEvent(self, request != nil && received == expected ? .answered(node: node) : .wrong)
        } else {
            let name = String(decoding: received.dropLast(), as: UTF8.self)
            node = name
            onEvent(self, .answered(node: name))
        }
    }
}
