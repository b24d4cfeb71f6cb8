extension ClusterSnapshot {
    /// How many packets must reach some node between two samples before it is odd that none reaches another.
    private static let heardPackets = 10.0

    /// Nodes that receive none of the packets that reach the others: a switch that does not flood the cluster MAC.
    ///
    /// Nodes are sampled at different moments, so both are judged by two times between samples in a row: a short burst
    /// between one node's sample and another's is no evidence. A node whose interface explains it is left out.
    var deafFindings: [Finding] {
        guard let loudest = loudest else { return [] }
        return nodes.compactMap { node in
            guard node.state == .live, node.arrivals.count == 2, node.arrivals.allSatisfy({ $0.packets == 0 }),
                let sample = node.sample, sample.health.isGood, sample.alterations.isEmpty
            else { return nil }
            let (mine, theirs) = (Self.sum(node.arrivals), Self.sum(loudest.arrivals))
            let idle = sample.ownership.accepting.isEmpty
            return Finding(
                code: "not_receiving", severity: idle ? .warning : .critical, node: node.name,
                buckets: sample.ownership.accepting,
                evidence:
                    "no packet for \(configuration.address) reached \(node.name) in \(Self.text(mine.seconds)) s, while "
                    + "\(Int(min(theirs.packets, 1e15))) reached \(loudest.name) in \(Self.text(theirs.seconds)) s",
                effect: idle
                    ? "none now, since it answers no bucket" : "clients in this node's buckets get no answer",
                remedy: "let the switch deliver \(configuration.mac) to \(node.name)'s port, and no rule of "
                    + "\(node.name) drop it\(idle ? "" : "; until then: clusterip drain \(node.name)")")
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
                $0 <= node.rates.count && node.rates[$0 - 1].arrived.packetsPerSecond > 0
            }
            guard !buckets.isEmpty else { return nil }
            let sum = Self.sum(node.arrivals)
            return Finding(
                code: "not_accepting", severity: .critical, node: node.name, buckets: BucketSet(buckets),
                evidence: "\(Int(min(sum.own, 1e15))) packets of \(node.name)'s own buckets reached it in "
                    + "\(Self.text(sum.seconds)) s, and it accepted none",
                effect: "clients in these buckets get no answer",
                remedy: "look for rules of \(node.name) that say notrack (nft list ruleset), and end them; "
                    + "until then: clusterip drain \(node.name)")
        }
    }

    /// Why it cannot be said whether every node receives what the others do; nil when it can, or when there is but one.
    public var unjudgedReception: String? {
        let members = nodes.filter { $0.state == .live && $0.sample != nil }
        guard members.count > 1, loudest == nil else { return nil }
        let packets = members.reduce(0) { max($0, Self.sum($1.arrivals).packets) }
        let seconds = members.reduce(0) { max($0, Self.sum($1.arrivals).seconds) }
        return "not judged: whether every node receives the packets; "
            + "no more than \(Int(min(packets, 1e15))) reached any in \(Self.text(seconds)) s"
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

    /// Seconds with one digit behind the point.
    private static func text(_ seconds: Double) -> String {
        "\(Double(Int(min(max(seconds, 0), 1e9) * 10)) / 10)"
    }
}
