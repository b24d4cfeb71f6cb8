import Glibc
import Lab
import Reactor
import Responsibility
import Testing

/// An independent client: plain sockets in the client's namespace, datagrams with numbers, and its own count of who
/// answered each.
final class IndependentClient {
    /// Requests answered by two nodes, in words.
    private(set) var duplicates: [String] = []
    private(set) var sent = 0
    private(set) var answered = 0

    private let reactor: Reactor
    private var sockets: [Int: Int32] = [:]
    private var tokens: [Reactor.Token] = []
    private var timer: Reactor.Token?
    private var answers: [Int: String] = [:]
    private var last: [Int: Int] = [:]
    private var turn: [Int] = []

    /// A client with one socket for each bucket, opened in the namespace of a process.
    init(client: pid_t, scheme: HashScheme, reactor: Reactor) throws {
        self.reactor = reactor
        let home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        let there = open("/proc/\(client)/ns/net", O_RDONLY | O_CLOEXEC)
        defer { [home, there].forEach { Glibc.close($0) } }
        try #require(home >= 0 && there >= 0 && Self.enter(there))
        defer { _ = Self.enter(home) }
        for bucket in 1...Int(scheme.bucketCount) { sockets[bucket] = try Self.socket(bucket, scheme) }
        for (bucket, socket) in sockets {
            tokens.append(try reactor.watch(socket) { [unowned self] _ in receive(bucket, socket) })
        }
    }

    deinit {
        tokens.forEach(reactor.cancel)
        sockets.values.forEach { Glibc.close($0) }
    }

    /// From now on asks these buckets in turn, a thousand times a second in all.
    func ask(_ buckets: [Int]) {
        turn = buckets
        guard timer == nil else { return }
        timer = reactor.after(0.002, repeating: true) { [unowned self] in
            for _ in 0..<2 where !turn.isEmpty { send(turn[sent % turn.count]) }
        }
    }

    /// The nodes that answer buckets now, each asked alone; nil: nobody within two seconds.
    func owners(of buckets: [Int]) -> [Int: String?] {
        turn = []
        wait(0.2)
        for bucket in buckets { send(bucket) }
        wait(0.5)
        // A datagram may be lost on its way: what was not answered is asked again.
        let silent = buckets.filter { owner(of: $0) == nil }
        for bucket in silent { send(bucket) }
        wait(silent.isEmpty ? 0 : 1)
        return Dictionary(uniqueKeysWithValues: buckets.map { ($0, owner(of: $0)) })
    }

    private func owner(of bucket: Int) -> String? { last[bucket].flatMap { answers[$0] } }

    private func wait(_ seconds: Double) {
        let end = Reactor.now + UInt64(seconds * 1e9)
        while Reactor.now < end { reactor.turn(limit: 0.01) }
    }

    private func send(_ bucket: Int) {
        guard let socket = sockets[bucket] else { return }
        sent += 1
        last[bucket] = sent
        let text = "\(sent) bucket \(bucket)"
        _ = Glibc.send(socket, text, text.utf8.count, Int32(MSG_NOSIGNAL))
    }

    /// Reads answers like `node1 4711 bucket 3`.
    private func receive(_ bucket: Int, _ socket: Int32) {
        var buffer = [UInt8](repeating: 0, count: 2048)
        while case let count = recv(socket, &buffer, buffer.count, 0), count > 0 {
            let words = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
            guard words.count > 1, let number = Int(words[1]) else { continue }
            if let first = answers.updateValue(String(words[0]), forKey: number) {
                duplicates.append("request \(number) of bucket \(bucket) was answered by \(first) and by \(words[0])")
            }
            answered += 1
        }
    }

    /// Puts this thread into a network namespace; the module Glibc has no `setns`.
    private static func enter(_ namespace: Int32) -> Bool {
        typealias Function = @convention(c) (Int32, Int32) -> Int32
        guard let address = dlsym(nil, "setns") else { return false }
        return unsafeBitCast(address, to: Function.self)(namespace, 0) == 0
    }

    private static func socket(_ bucket: Int, _ scheme: HashScheme) throws -> Int32 {
        let flow = try #require(try (0..<100_000).lazy.map(Self.flow).first { try scheme.bucket(of: $0) == bucket })
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(AF_INET, kind, 0)
        let isBound = with(flow.source, flow.sourcePort) { bind(socket, $0, $1) } == 0
        try #require(isBound)
        let isConnected = with(flow.destination, flow.destinationPort) { connect(socket, $0, $1) } == 0
        try #require(isConnected)
        return socket
    }

    private static func flow(_ number: Int) -> Flow {
        Flow(
            transport: .udp, source: IPv4Address(10, 9, UInt8(100 + number % 100), 7),
            sourcePort: UInt16(20_000 + number / 100), destination: LabNetwork.clusterAddress,
            destinationPort: LabNetwork.port)
    }

    private static func with(
        _ address: IPAddress, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var end = sockaddr_in()
        end.sin_family = sa_family_t(AF_INET)
        end.sin_port = port.bigEndian
        end.sin_addr.s_addr = (address.v4?.number ?? 0).bigEndian
        return withUnsafePointer(to: &end) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
