import Responsibility

/// Packets that do not come to a node, are not accepted there, or cannot be tracked.
public enum TrafficFinding: Hashable, Sendable {
    /// No packet for the address reaches the node, while so much reaches another.
    case notReceiving(IPAddress, Arrivals, peer: String, peerArrivals: Arrivals)
    /// Packets of the node's own buckets reach it, and it accepts none.
    case notAccepting(Arrivals)
    /// The node's connection-tracking table is full, or nearly.
    case conntrackFull(ConntrackTable)

    /// The stable name.
    public var code: String {
        switch self {
        case .notReceiving: "not_receiving"
        case .notAccepting: "not_accepting"
        case .conntrackFull: "conntrack_full"
        }
    }

    /// How bad it is.
    func severity(isIdle: Bool) -> Finding.Severity {
        switch self {
        case .notReceiving: isIdle ? .warning : .critical
        case .notAccepting: .critical
        case .conntrackFull(let table): table.isFull ? .critical : .warning
        }
    }
}

/// Why it cannot be said whether every node receives what the others do.
public struct UnjudgedReception: Hashable, Sendable {
    /// The most packets that reached any node.
    public var packets: Double
    /// In so many seconds.
    public var seconds: Double

    /// A reason from its parts.
    public init(packets: Double, seconds: Double) {
        self.packets = packets
        self.seconds = seconds
    }
}

extension ClusterSnapshot {
    /// How many packets must reach some node between two samples before it is odd that none reaches another.
    private static let heardPackets = 10.0

    /// Nodes that receive none of the packets that reach the others: a switch that does not flood the cluster MAC.
    ///
    /// Nodes are sampled at different moments, so both are judged by two times between samples in a row: a short burst
    /// between one node's sample and another's is no evidence. A node whose interface explains it is left out.
    var deafFindings: [Finding] {
        guard let loudest else { return [] }
        return nodes.compactMap { node in
            guard node.state == .live, node.arrivals.count == 2, node.arrivals.allSatisfy({ $0.packets == 0 }),
                let sample = node.sample, sample.health.isGood, sample.alterations.isEmpty
            else { return nil }
            let delivery = Remedy.deliver(configuration.mac, to: node.name)
            let buckets = sample.ownership.accepting
            return Finding(
                .traffic(
                    .notReceiving(
                        configuration.address, Self.sum(node.arrivals), peer: loudest.name,
                        peerArrivals: Self.sum(loudest.arrivals))), node: node.name, buckets: buckets,
                remedy: buckets.isEmpty ? delivery : .first(delivery, meanwhile: .drain(node: node.name)))
        }
    }

    /// Nodes that receive packets of their own buckets and accept none: untracked packets, or a table that others
    /// cut short.
    ///
    /// Buckets that another node drains do not count, since their old connections are accepted there.
    var muteFindings: [Finding] {
        nodes.compactMap { node in
            guard node.state == .live, node.arrivals.count == 2,
                node.arrivals.allSatisfy({ $0.own >= Self.heardPackets && $0.accepted == 0 }),
                let sample = node.sample, sample.alterations.isEmpty
            else { return nil }
            let drained = nodes.reduce(BucketSet()) { $0.union($1.ownership.draining) }
            let buckets = sample.ownership.accepting.subtracting(drained).filter {
                $0 <= node.rates.count && node.rates[$0 - 1].arrived?.packetsPerSecond ?? 0 > 0
            }
            guard !buckets.isEmpty else { return nil }
            return Finding(
                .traffic(.notAccepting(Self.sum(node.arrivals))), node: node.name, buckets: BucketSet(buckets),
                remedy: .first(.endNotrack(node: node.name), meanwhile: .drain(node: node.name)))
        }
    }

    /// A connection-tracking table that is full from 90 percent on.
    ///
    /// Source: net/netfilter/nf_conntrack_core.c, `__nf_conntrack_alloc`: above the limit the kernel forgets a connection
    /// that is not assured, and drops the packet when it finds none.
    func conntrackFindings(_ node: NodeStatus) -> [Finding] {
        guard let table = node.facts.conntrack, table.percent >= 90 else { return [] }
        let limit = "net.netfilter.nf_conntrack_max=\(min(table.limit, 1 << 30) * 2)"
        return [
            Finding(
                .traffic(.conntrackFull(table)), node: node.name,
                remedy: .command(["sysctl", "-w", limit], on: node.name))
        ]
    }

    /// Why it cannot be said whether every node receives what the others do; nil when it can, or when there is but one.
    public var unjudgedReception: UnjudgedReception? {
        let members = nodes.filter { $0.state == .live && $0.sample != nil }
        guard members.count > 1, loudest == nil else { return nil }
        let sums = members.map { Self.sum($0.arrivals) }
        return UnjudgedReception(
            packets: sums.reduce(0) { max($0, $1.packets) }, seconds: sums.reduce(0) { max($0, $1.seconds) })
    }

    /// The node that most reached, when it is enough to judge others by.
    private var loudest: NodeStatus? {
        nodes.filter { node in
            node.state == .live && node.arrivals.count == 2
                && node.arrivals.allSatisfy { $0.packets >= Self.heardPackets }
        }
        .max { Self.sum($0.arrivals).packets < Self.sum($1.arrivals).packets }
    }

    private static func sum(_ arrivals: [Arrivals]) -> Arrivals {
        arrivals.reduce(Arrivals(packets: 0, seconds: 0), +)
    }
}

extension ConntrackTable {
    /// Whether there is no room left.
    public var isFull: Bool { percent >= 99 }
}
