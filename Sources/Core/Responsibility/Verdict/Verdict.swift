/// What a node's rules do with a packet to the cluster address, and why.
///
/// Source: the decision that made it: `ClusterIPTarget` or `ClusterTable`.
public struct Verdict: Hashable, Sendable {
    /// Whether the packet passes; with ipt_CLUSTERIP the rules after it still decide.
    public var accepts: Bool
    /// The bucket the packet was placed in, 1…N; nil when the rules decided before they hashed.
    public var bucket: Int?
    /// The connection mark the rules write; nil when they leave it.
    public var mark: UInt32?
    /// The packet's type afterwards.
    public var type: PacketType
    /// Why.
    public var reason: VerdictReason

    /// A verdict from its parts.
    public init(accepts: Bool, bucket: Int?, mark: UInt32? = nil, type: PacketType, reason: VerdictReason) {
        self.accepts = accepts
        self.bucket = bucket
        self.mark = mark
        self.type = type
        self.reason = reason
    }
}
