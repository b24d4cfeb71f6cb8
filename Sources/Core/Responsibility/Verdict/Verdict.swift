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

/// Why a node accepts a packet or drops it.
///
/// Source: `clusterip_tg` of ipt_CLUSTERIP.c, and the rules of our own table, Docs/Table.md.
public enum VerdictReason: String, CaseIterable, Sendable, Codable {
    /// Left alone: the rules are about IPv4, and an IPv6 packet does not reach them.
    case otherFamily = "other-family"
    /// Dropped: connection tracking has no entry for it.
    case noConnection = "no-connection"
    /// Accepted: an ICMP error about a known connection is not hashed.
    case icmpError = "icmp-error"
    /// Accepted: a TCP connection that is established on this node.
    case established
    /// Accepted: the bucket is owned.
    case owned
    /// Accepted: the bucket is adopted.
    case adopted
    /// Dropped: the bucket is draining, and the packet belongs to no TCP connection established here.
    case draining
    /// Dropped: a TCP segment that opens nothing and belongs to no connection established here.
    case strayTCP = "stray-tcp"
    /// Dropped: the bucket is not this node's.
    case notOwned = "not-owned"

    /// Whether the packet is accepted.
    public var accepts: Bool {
        switch self {
        case .otherFamily, .icmpError, .established, .owned, .adopted: true
        case .noConnection, .draining, .strayTCP, .notOwned: false
        }
    }

    /// One clause for people.
    public var text: String {
        switch self {
        case .otherFamily: "the rules are about IPv4 and do not see IPv6 packets"
        case .noConnection: "connection tracking has no entry for the packet"
        case .icmpError: "ICMP errors about a known connection are always accepted"
        case .established: "the TCP connection is established on this node"
        case .owned: "the node owns the bucket"
        case .adopted: "the node adopted the bucket"
        case .draining: "the node drains the bucket and takes no new flows of it"
        case .strayTCP: "the TCP segment opens no connection and none is established on this node"
        case .notOwned: "the node does not own the bucket"
        }
    }
}
