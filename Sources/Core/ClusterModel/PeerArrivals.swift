import Responsibility

/// What arrived for a node's buckets, as another node counted it that hears the same packets.
public struct PeerArrivals: Hashable, Sendable {
    /// The node that counted.
    public var peer: String
    /// The packets of the other node's buckets that reached it, since its counters began.
    public var packets: UInt64

    /// Arrivals from their parts.
    public init(peer: String, packets: UInt64) {
        self.peer = peer
        self.packets = packets
    }
}

extension ClusterSnapshot {
    /// What arrived for a node whose driver does not count it: every packet reaches every node, so one that does tells.
    ///
    /// nil for a node that counts, or owns nothing, and where nobody counts by the same arithmetic.
    public func peerArrivals(of node: NodeStatus) -> PeerArrivals? {
        guard let sample = node.sample, !sample.capabilities.counters.contains(.arrived),
            !sample.ownership.accepting.isEmpty
        else { return nil }
        let family = sample.configuration.address.family
        let peer = nodes.first { peer in
            guard peer.state == .live, peer.name != node.name, let its = peer.sample else { return false }
            return its.capabilities.counters.contains(.arrived)
                && its.configuration.scheme.placesAlike(sample.configuration.scheme, family: family)
        }
        guard let peer, let counters = peer.sample?.counters else { return nil }
        let counts = sample.ownership.accepting.compactMap { bucket in
            let index = bucket - 1  // bounded: buckets begin with 1
            return counters.indices.contains(index) ? counters[index].arrived?.packets : nil
        }
        return counts.isEmpty ? nil : PeerArrivals(peer: peer.name, packets: counts.saturatedSum)
    }
}
