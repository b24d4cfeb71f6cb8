/// Something that a node said and that cannot be, if what it said before is true.
public enum Contradiction: Hashable, Sendable {
    /// A counter of a bucket went back although nobody changed the ruleset.
    case counterBack(bucket: Int, Counter, from: UInt64, to: UInt64)
    /// The node's monotonic clock went back by so many seconds.
    case clockBack(seconds: Double)
    /// The node's clock went so many seconds further than time did.
    case clockAhead(seconds: Double)
    /// The node's clock stayed so many seconds behind the time that passed.
    case clockBehind(seconds: Double)
}

/// What a node says and what cannot be, or what other nodes contradict: it is broken, misled, or lies.
public enum ContradictionFinding: Hashable, Sendable {
    /// It contradicts itself.
    case itself(Contradiction)
    /// Its agent is that of the same machine, in the same network namespace, as another node's.
    case sameMachine(as: String)
    /// Its host has the name of another node.
    case otherName(host: String)
    /// It owns buckets in which nothing reaches it, while so many packets a second reach another node.
    case unheardClaims(peer: String, packetsPerSecond: Double, seconds: Double)

    /// The stable name.
    public var code: String {
        switch self {
        case .itself(.counterBack): "counter_back"
        case .itself(.clockBack), .itself(.clockAhead), .itself(.clockBehind): "clock_wrong"
        case .sameMachine: "same_machine"
        case .otherName: "other_name"
        case .unheardClaims: "claims_unheard"
        }
    }

    /// How bad it is.
    public var severity: Finding.Severity {
        switch self {
        case .itself(.counterBack): .notice
        case .itself, .otherName: .warning
        case .sameMachine, .unheardClaims: .critical
        }
    }
}

extension ClusterSnapshot {
    /// What nodes say that cannot be, or that others contradict.
    var contradictionFindings: [Finding] { nodes.flatMap(contradictions) }

    private func contradictions(of node: NodeStatus) -> [Finding] {
        guard node.state != .unreachable else { return [] }
        return node.contradictions.map { contradiction in
            var buckets = BucketSet()
            if case .counterBack(let bucket, _, _, _) = contradiction { buckets.insert(bucket) }
            return Finding(
                .contradiction(.itself(contradiction)), node: node.name, buckets: buckets,
                remedy: buckets.isEmpty ? .mendLink(node: node.name, nil) : .acceptChange)
        } + sameMachine(node) + otherName(node) + unheardClaims(node)
    }

    /// The first other node that is the same machine; each pair is named once.
    private func sameMachine(_ node: NodeStatus) -> [Finding] {
        guard let twin = twin(of: node), let own = index(ofNode: node.name), let other = index(ofNode: twin),
            own < other
        else { return [] }
        return [
            Finding(
                .contradiction(.sameMachine(as: twin)), node: node.name, remedy: .separateLinks(node.name, twin))
        ]
    }

    /// Another node whose agent says that it runs on the same machine.
    public func twin(of node: NodeStatus) -> String? {
        guard let machine = node.host?.machine else { return nil }
        return nodes.first { $0.name != node.name && $0.host?.machine == machine }?.name
    }

    private func otherName(_ node: NodeStatus) -> [Finding] {
        guard let host = node.host?.name.split(separator: ".").first.map(String.init), host != node.name,
            let other = nodes.first(where: { $0.name == host }), other.host?.name != node.host?.name
        else { return [] }
        return [
            Finding(
                .contradiction(.otherName(host: host)), node: node.name, remedy: .separateLinks(node.name, other.name))
        ]
    }

    /// Every packet reaches every node: an owner that is not reached in a bucket, in which another node is, does not hear
    /// its clients, or does not say so.
    ///
    /// A node that nothing reaches at all is another finding.
    private func unheardClaims(_ node: NodeStatus) -> [Finding] {
        guard node.state == .live, node.arrivals.count == 2, node.arrivals.allSatisfy({ $0.packets > 0 }) else {
            return []
        }
        let silent = node.ownership.accepting.intersection(node.quietBuckets)
        let peers = nodes.filter { $0.state == .live && $0.name != node.name }
        guard !silent.isEmpty,
            let peer = peers.max(by: {
                $0.heardBuckets.intersection(silent).count < $1.heardBuckets.intersection(silent).count
            })
        else { return [] }
        let buckets = peer.heardBuckets.intersection(silent)
        guard !buckets.isEmpty else { return [] }
        let rate = buckets.reduce(0.0) {
            peer.rates.indices.contains($1 - 1) ? $0 + (peer.rates[$1 - 1].arrived?.packetsPerSecond ?? 0) : $0
        }
        let seconds = node.arrivals.reduce(0) { $0 + $1.seconds }
        return [
            Finding(
                .contradiction(.unheardClaims(peer: peer.name, packetsPerSecond: rate, seconds: seconds)),
                node: node.name, buckets: buckets,
                remedy: .first(.deliver(configuration.mac, to: node.name), meanwhile: .drain(node: node.name)))
        ]
    }
}
