import Glibc
import Reactor

/// UDP flows from many sources; every datagram carries a number that its answer repeats.
final class UDPTraffic {
    private static let flowCount = 128

    private struct Flow {
        var token: Reactor.Token
        /// Datagrams still to send.
        var rest: Int
        var lastUse: UInt64
    }

    private(set) var ledger = TrafficLedger()
    /// Answers by node; only the lab's own names are counted.
    private(set) var answers: [String: UInt64]

    private let reactor: Reactor
    private let sources: TrafficSources
    private var flows: [Int32: Flow] = [:]
    private var active: [Int32] = []
    private var retired: [Int32] = []
    private var buffer = [UInt8](repeating: 0, count: 2048)

    init(nodes: [String], sources: TrafficSources, reactor: Reactor) {
        answers = Dictionary(uniqueKeysWithValues: nodes.map { ($0, 0) })
        self.sources = sources
        self.reactor = reactor
    }

    /// Sends a number of datagrams, each on a flow drawn at random.
    func send(_ count: Int) {
        let now = Reactor.now
        for _ in 0..<count {
            if active.count < Self.flowCount { open(now) }
            guard let index = active.indices.randomElement() else { continue }
            sendOne(on: index, now)
        }
    }

    /// Judges what is a second old, and closes flows that are done.
    func judgeOverdue() {
        let now = Reactor.now
        ledger.judge(at: now)
        while let descriptor = retired.first, let flow = flows[descriptor],
            flow.lastUse &+ TrafficLedger.window <= now
        {
            reactor.cancel(flow.token)
            close(descriptor)
            flows[descriptor] = nil
            retired.removeFirst()
        }
    }

    private func open(_ now: UInt64) {
        guard let descriptor = try? Socket.make(SOCK_DGRAM) else { return }
        do {
            try Socket.bind(descriptor, to: sources.draw(), port: 0)
            guard Socket.connect(descriptor, to: LabNetwork.clusterAddress, port: LabNetwork.port) == 0 else {
                throw SystemError("connect")
            }
            let token = try reactor.watch(descriptor) { [unowned self] _ in receive(descriptor) }
            // Most flows are short, some are long.
            let rest = Int.random(in: 0..<4) == 0 ? Int.random(in: 50...400) : Int.random(in: 1...20)
            flows[descriptor] = Flow(token: token, rest: rest, lastUse: now)
            active.append(descriptor)
        } catch {
            close(descriptor)
        }
    }

    private func sendOne(on index: Int, _ now: UInt64) {
        let descriptor = active[index]
        let number = ledger.sent(at: now)
        let text = "\(number) " + String(repeating: ".", count: Int.random(in: 0...400))
        _ = Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
        flows[descriptor]?.lastUse = now
        flows[descriptor]?.rest -= 1
        if let flow = flows[descriptor], flow.rest <= 0 {
            active.swapAt(index, active.count - 1)
            active.removeLast()
            retired.append(descriptor)
        }
    }

    /// Reads answers like `node1 4711 …`.
    private func receive(_ descriptor: Int32) {
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count >= 0 {
            let words = buffer[..<count].split(separator: UInt8(ascii: " "), maxSplits: 2)
            let name = words.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
            guard words.count > 1, answers[name] != nil, let number = UInt64(String(decoding: words[1], as: UTF8.self))
            else {
                ledger.wrong()
                continue
            }
            answers[name]? &+= 1
            if !ledger.answered(number) { ledger.wrong() }
        }
    }
}
