/// The rules of a node, whatever made them, as far as they decide about one packet of one bucket.
///
/// Source: the kernel files of `ClusterTable`, `ClusterIPTarget`, `ClusterMatchRule` and `NftHash`; Docs/Drivers.md.
public enum NodeRules: String, CaseIterable, Sendable {
    /// Our own table.
    case table
    /// The target of ipt_CLUSTERIP.
    case target
    /// Rules that accept by xt_cluster's match, and drop the rest.
    case match
    /// Rules that accept by nftables' `jhash` of the packet, and drop the rest.
    case jhash

    /// Why a packet of a bucket is accepted or dropped, on a node that holds the bucket so.
    public func reason(for packet: Packet, holding: Holding) -> VerdictReason {
        let byBucket: VerdictReason = holding == .none ? .notOwned : .owned
        switch self {
        case .table: return ClusterTable.reason(packet, holding).reason
        case .target where packet.connection.hasEntry && packet.isRelatedICMP: return .icmpError
        case .target, .match: return packet.connection.hasEntry ? byBucket : .noConnection
        // It hashes the packet itself, so that connection tracking does not matter.
        case .jhash: return byBucket
        }
    }

    /// What connection tracking says of a TCP segment of a connection that it does not know.
    ///
    /// Our table forbids it to take such a segment up as a connection; elsewhere it does, unless
    /// `nf_conntrack_tcp_loose` is 0.
    public func stray(takesUp: Bool) -> ConnectionState { self != .table && takesUp ? .new : .invalid }
}
