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
