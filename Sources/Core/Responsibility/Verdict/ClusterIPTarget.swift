/// The decision of the iptables target CLUSTERIP.
///
/// Source: `clusterip_tg` of net/ipv4/netfilter/ipt_CLUSTERIP.c, the same in 3.10 to 6.2.
public struct ClusterIPTarget: Hashable, Sendable {
    /// How flows are placed.
    public var placement: Placement

    /// The target with this arithmetic.
    public init(placement: Placement) { self.placement = placement }

    /// What the target does with a packet on a node that owns the buckets of which `owns` says so.
    ///
    /// It hashes every packet anew and never reads the mark back: a bucket that is given away takes its established
    /// connections with it at the next packet. The mark of a new connection is written even when the packet is then
    /// dropped.
    public func decide(_ packet: Packet, owns: (_ bucket: Int) -> Bool) -> Verdict {
        guard packet.connection.hasEntry else {
            return Verdict(accepts: false, bucket: nil, type: packet.type, reason: .noConnection)
        }
        guard !packet.isRelatedICMP else {
            return Verdict(accepts: true, bucket: nil, type: packet.type, reason: .icmpError)
        }
        guard let bucket = placement.bucket(of: packet.hashedFlow) else {
            return Verdict(accepts: true, bucket: nil, type: packet.type, reason: .otherFamily)
        }
        let mark = packet.connection == .new ? UInt32(truncatingIfNeeded: bucket) : nil
        guard owns(bucket) else {
            return Verdict(accepts: false, bucket: bucket, mark: mark, type: packet.type, reason: .notOwned)
        }
        return Verdict(accepts: true, bucket: bucket, mark: mark, type: .host, reason: .owned)
    }
}
