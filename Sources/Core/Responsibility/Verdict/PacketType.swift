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
