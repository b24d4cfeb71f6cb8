import Reactor

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
