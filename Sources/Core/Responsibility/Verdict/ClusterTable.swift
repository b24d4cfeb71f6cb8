/// The decision of our own nftables table, in the order of its rules.
///
/// 1. Every packet counts as arrived in its bucket.
/// 2. An ICMP error about a known connection is accepted.
/// 3. A TCP segment that is not a plain SYN is accepted when its connection is established here, whoever owns the
///    bucket, or when the bucket is adopted; else it is dropped.
/// 4. Everything else needs a conntrack entry and a bucket that is owned or adopted; it writes the bucket into the
///    connection's mark.
///
/// Only TCP keeps its connections over a move: a UDP flow has no packet that opens it, so that both the old and the new
/// owner would accept it. Source: Docs/Table.md; the tests hold it against real kernels.
public struct ClusterTable: Hashable, Sendable {
    /// How flows are placed.
    public var placement: Placement

    /// The table with this arithmetic.
    public init(placement: Placement) { self.placement = placement }

    /// What the table does with a packet on a node that holds buckets as `holding` says.
    ///
    /// `bucket` is nil only for an IPv6 packet, which the table does not see.
    public func decide(_ packet: Packet, holding: (_ bucket: Int) -> Holding) -> Verdict {
        guard let bucket = placement.bucket(of: packet.hashedFlow) else {
            return Verdict(accepts: true, bucket: nil, type: packet.type, reason: .otherFamily)
        }
        let (reason, marks) = Self.reason(packet, holding(bucket))
        let accepts = reason.accepts
        return Verdict(
            accepts: accepts, bucket: bucket, mark: marks ? UInt32(truncatingIfNeeded: bucket) : nil,
            type: accepts ? .host : packet.type, reason: reason)
    }

    /// Why a packet is accepted or dropped, and whether its bucket becomes the connection's mark.
    static func reason(_ packet: Packet, _ holding: Holding) -> (reason: VerdictReason, marks: Bool) {
        if packet.isRelatedICMP { return (.icmpError, false) }
        if packet.flow.transport == .tcp, !packet.tcpFlags.isPlainSYN {
            if packet.connection.isEstablished { return (.established, false) }
            return (holding == .adopted ? .adopted : .strayTCP, false)
        }
        guard packet.connection.hasEntry else { return (.noConnection, false) }
        switch holding {
        case .owned: return (.owned, true)
        case .adopted: return (.adopted, true)
        case .draining: return (.draining, false)
        case .none: return (.notOwned, false)
        }
    }
}

/// What a node has to do with a bucket.
///
/// Source: the sets of our own nftables table, Docs/Table.md.
public enum Holding: String, CaseIterable, Sendable, Codable {
    /// Nothing.
    case none
    /// It accepts new flows of the bucket.
    case owned
    /// It keeps the bucket's established TCP connections and refuses everything else.
    case draining
    /// It accepts new flows of the bucket, and TCP segments of connections it never saw, so that they are reset.
    case adopted
}
