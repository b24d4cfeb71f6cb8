/// A packet to the cluster address as a node's rules see it.
///
/// Numbers in host order. Source: `struct sk_buff` and its conntrack entry, as `clusterip_tg` and `xt_cluster_mt` read them.
public struct Packet: Hashable, Sendable {
    /// Its addresses, protocol and ports as they are in the packet.
    public var flow: Flow
    /// What connection tracking of this node says of it.
    public var connection: ConnectionState
    /// The flags of a TCP segment; without meaning for other protocols.
    public var tcpFlags: TCPFlags
    /// To whom its frame was addressed.
    public var type: PacketType
    /// Whether the four bytes of the ports can be read; they cannot in a packet that is cut off before them.
    ///
    /// Fragments do not matter here: the rules force connection tracking on, which puts datagrams together first.
    public var hasReadablePorts: Bool
    /// The original direction of its connection; nil when the packet itself is of that direction.
    public var original: Flow?
    /// The original direction of the connection that announced this one (FTP's control connection); nil for none.
    public var master: Flow?

    /// A packet; by default one that opens a connection and arrives by the cluster's multicast MAC address.
    public init(
        flow: Flow, connection: ConnectionState = .new, tcpFlags: TCPFlags = .syn, type: PacketType = .multicast,
        hasReadablePorts: Bool = true, original: Flow? = nil, master: Flow? = nil
    ) {
        self.flow = flow
        self.connection = connection
        self.tcpFlags = tcpFlags
        self.type = type
        self.hasReadablePorts = hasReadablePorts
        self.original = original
        self.master = master
    }

    /// The flow as the hash reads it: without ports where they cannot be read.
    var hashedFlow: Flow {
        guard !hasReadablePorts else { return flow }
        return Flow(transport: flow.transport, source: flow.source, destination: flow.destination)
    }

    /// Whether it is an ICMP error about a known connection.
    public var isRelatedICMP: Bool { flow.transport == .icmp && connection.isRelated }
}

/// To whom a frame was addressed, `skb->pkt_type`.
///
/// Source: include/uapi/linux/if_packet.h.
public enum PacketType: String, CaseIterable, Sendable, Codable {
    /// To this host.
    case host
    /// To all hosts of the link.
    case broadcast
    /// To a group: what a frame to the cluster MAC address is on arrival.
    case multicast
    /// To somebody else.
    case otherHost = "otherhost"

    /// Whether the stack hands a packet of this type, addressed to an own IP address, to a transport protocol.
    ///
    /// TCP takes only `host`; UDP, ICMP and the rest take everything but `otherHost`. This is why a node with the
    /// multicast MAC address and no rules is dead for TCP and answers UDP and pings like every other node. Source:
    /// `tcp_v4_rcv`, `ip_rcv`.
    public func reaches(_ transport: TransportProtocol) -> Bool {
        transport == .tcp ? self == .host : self != .otherHost
    }
}

/// The flags of a TCP header, as the bits of its 14th byte.
///
/// Source: RFC 9293, section 3.1.
public struct TCPFlags: OptionSet, Hashable, Sendable {
    /// The byte.
    public var rawValue: UInt8

    /// The flags of this byte.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// FIN.
    public static let fin = Self(rawValue: 0x01)
    /// SYN.
    public static let syn = Self(rawValue: 0x02)
    /// RST.
    public static let rst = Self(rawValue: 0x04)
    /// PSH.
    public static let psh = Self(rawValue: 0x08)
    /// ACK.
    public static let ack = Self(rawValue: 0x10)
    /// URG.
    public static let urg = Self(rawValue: 0x20)

    /// Whether a segment with these flags opens a connection: SYN set; ACK, RST and FIN clear.
    public var isPlainSYN: Bool { rawValue & 0x17 == 0x02 }
}

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
