/// What connection tracking says of a packet on one node.
///
/// Source: include/uapi/linux/netfilter/nf_conntrack_common.h, `enum ip_conntrack_info`.
public enum ConnectionState: String, CaseIterable, Sendable, Codable {
    /// No entry on purpose: NOTRACK, as kernels since 4.12 mean it.
    case untracked
    /// No entry because the packet fits no connection and cannot open one.
    case invalid
    /// The packet opens a connection, or is in the original direction of one that nobody has answered yet.
    case new
    /// The original direction of an answered connection.
    case established
    /// The reply direction of a connection.
    case establishedReply = "established-reply"
    /// The packet opens an expected connection, or is an ICMP error about one in its original direction.
    case related
    /// An ICMP error about a connection in its reply direction.
    case relatedReply = "related-reply"

    /// Whether the packet has a conntrack entry.
    public var hasEntry: Bool { self != .untracked && self != .invalid }

    /// Whether the packet belongs to a connection that is established here, in either direction.
    public var isEstablished: Bool { self == .established || self == .establishedReply }

    /// Whether the packet is related to a connection, in either direction.
    public var isRelated: Bool { self == .related || self == .relatedReply }
}
