import Reactor
import Responsibility

/// The client's traffic: paces both protocols and sums up what came of it.
final class Traffic {
    private static let tick = 0.02

    private let udp: UDPTraffic
    private let tcp: TCPTraffic
    private let rate: Double
    private var credit: (udp: Double, tcp: Double) = (0, 0)
    private var lastTick = Reactor.now
    private var statistics = TrafficStatistics()
    private var secondBegan = (udp: TrafficCounts(), tcp: TrafficCounts())

    /// Traffic of about `options.rate` packets a second: three fifths are datagrams; a TCP request takes two packets.
    init(_ options: LabOptions, reactor: Reactor, report: @escaping (TrafficStatistics) -> Void) {
        let nodes = (1...options.nodes).map(LabNetwork.nodeName)
        let sources = TrafficSources()
        rate = Double(options.rate)
        udp = UDPTraffic(nodes: nodes, sources: sources, reactor: reactor)
        tcp = TCPTraffic(
            nodes: nodes, target: min(max(options.rate / 8, 2), 256), sources: sources, reactor: reactor)
        reactor.after(Self.tick, repeating: true) { [unowned self] in send() }
        reactor.after(0.5, repeating: true) { [unowned self] in report(sumUp()) }
        reactor.after(1, repeating: true) { [unowned self] in closeSecond() }
    }

    private func send() {
        let now = Reactor.now
        // A machine that slept owes no burst.
        let seconds = min(Double(now - lastTick) / 1e9, 0.1)
        lastTick = now
        credit.udp += rate * 0.6 * seconds
        credit.tcp += rate * 0.2 * seconds
        udp.send(Int(credit.udp))
        tcp.send(Int(credit.tcp))
        credit.udp -= credit.udp.rounded(.down)
        credit.tcp -= credit.tcp.rounded(.down)
        udp.judgeOverdue()
        tcp.judgeOverdue()
    }

    private func sumUp() -> TrafficStatistics {
        statistics.udp.total = udp.ledger.counts
        statistics.tcp.total = tcp.ledger.counts
        statistics.connections = tcp.connections.count
        statistics.answers = udp.answers.merging(tcp.answers, uniquingKeysWith: &+)
        return statistics
    }

    private func closeSecond() {
        statistics.udp.lastSecond = udp.ledger.counts.since(secondBegan.udp)
        statistics.tcp.lastSecond = tcp.ledger.counts.since(secondBegan.tcp)
        secondBegan = (udp.ledger.counts, tcp.ledger.counts)
    }
}

/// The client's source addresses: a few send most of the traffic, as in real life (Zipf's law, exponent 1).
struct TrafficSources {
    /// How many sources there are.
    static let count = 512

    private let cumulative: [Double]

    /// The sources in order of their weight.
    init() {
        var sum = 0.0
        cumulative = (1...Self.count).map { rank in
            sum += 1 / Double(rank)
            return sum
        }
    }

    /// An address of 10.9.0.0/16 drawn by weight.
    func draw() -> IPv4Address {
        let point = Double.random(in: 0..<(cumulative.last ?? 1))
        var (low, high) = (0, cumulative.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > point { high = middle } else { low = middle + 1 }
        }
        return Self.address(rank: low)
    }

    /// The address of a rank from 0: scattered over the network, never ending in 0 or 255.
    static func address(rank: Int) -> IPv4Address {
        let third = UInt32(truncatingIfNeeded: rank &* 167 &+ 31) & 255
        let fourth = UInt32(truncatingIfNeeded: rank &* 89) % 254 + 1
        return IPv4Address(number: LabNetwork.clientNetwork.number | third << 8 | fourth)
    }
}
