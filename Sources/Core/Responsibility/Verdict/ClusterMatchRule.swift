/// A rule with the xt_cluster match: the arithmetic, the buckets it matches, and whether it is inverted.
///
/// Source: `xt_cluster_mt` and `xt_cluster_mt_checkentry` of net/netfilter/xt_cluster.c.
public struct ClusterMatchRule: Hashable, Sendable {
    /// The arithmetic.
    public let match: ClusterMatch
    /// The buckets that match, bit `bucket − 1`.
    public let nodeMask: UInt32
    /// Whether the rule is `! --cluster-local-node`.
    public let isInverted: Bool

    /// A rule by its mask; throws what the kernel refuses.
    public init(match: ClusterMatch, nodeMask: UInt32, isInverted: Bool = false) throws(ClusterMatchError) {
        guard match.bucketCount <= 32 else { throw .tooManyNodes(match.bucketCount) }
        guard UInt64(nodeMask) < 1 << UInt64(match.bucketCount) else {
            throw .maskBeyondNodes(mask: nodeMask, total: match.bucketCount)
        }
        self.match = match
        self.nodeMask = nodeMask
        self.isInverted = isInverted
    }

    /// A rule for one bucket, `--cluster-local-node`; throws what iptables and the kernel refuse.
    public init(match: ClusterMatch, localNode: UInt32, isInverted: Bool = false) throws(ClusterMatchError) {
        guard (1...32).contains(match.bucketCount) else { throw .totalOutOfRange(match.bucketCount) }
        guard (1...32).contains(localNode) else { throw .localNodeOutOfRange(localNode) }
        guard localNode <= match.bucketCount else { throw .localNodeBeyondTotal }
        try self.init(match: match, nodeMask: 1 << (localNode - 1), isInverted: isInverted)
    }

    /// Whether `iptables-restore` takes back what `iptables-save` prints for the rule.
    ///
    /// Saving always prints the mask, and reading checks the mask against 1–32 as if it were a node: a rule for bucket
    /// 7 or above is lost. Write one rule per bucket with `--cluster-local-node`, and never read a saved one back.
    public var survivesSaveAndRestore: Bool { (1...32).contains(nodeMask) }

    /// Whether the rule matches a packet, and what becomes of the packet's type.
    ///
    /// A packet without a conntrack entry matches neither the rule nor its inversion. The type of a frame to a group
    /// with a unicast IP destination becomes `host` whether the rule matches or not.
    public func evaluate(_ packet: Packet) -> (matches: Bool, type: PacketType) {
        let isGroup = packet.flow.destination.isMulticast
        let type: PacketType = packet.type == .multicast && !isGroup ? .host : packet.type
        guard packet.connection.hasEntry else { return (false, type) }
        let source = (packet.master ?? packet.original ?? packet.flow).source
        let bucket = match.bucket(of: source)
        return ((nodeMask >> UInt32(truncatingIfNeeded: bucket - 1) & 1 == 1) != isInverted, type)
    }
}
