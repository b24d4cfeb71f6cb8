/// A field of a packet that nftables' `jhash` can hash, by the name it has in a rule.
public enum NftKeyField: String, CaseIterable, Sendable, Codable {
    /// The IPv4 source address.
    case ipSource = "ip saddr"
    /// The IPv4 destination address.
    case ipDestination = "ip daddr"
    /// The IPv6 source address.
    case ip6Source = "ip6 saddr"
    /// The IPv6 destination address.
    case ip6Destination = "ip6 daddr"
    /// The source address of the connection's original direction, either family.
    case originalSource = "ct original saddr"
    /// The destination address of the connection's original direction, either family.
    case originalDestination = "ct original daddr"
    /// The first two bytes of any transport header.
    case transportSourcePort = "th sport"
    /// The second two bytes of any transport header.
    case transportDestinationPort = "th dport"
    /// The TCP source port; a rule with it sees TCP only.
    case tcpSourcePort = "tcp sport"
    /// The TCP destination port; a rule with it sees TCP only.
    case tcpDestinationPort = "tcp dport"
    /// The UDP source port; a rule with it sees UDP only.
    case udpSourcePort = "udp sport"
    /// The UDP destination port; a rule with it sees UDP only.
    case udpDestinationPort = "udp dport"

    /// The only protocol for which a rule with this field matches; nil for any.
    var transport: TransportProtocol? {
        switch self {
        case .tcpSourcePort, .tcpDestinationPort: .tcp
        case .udpSourcePort, .udpDestinationPort: .udp
        default: nil
        }
    }
}
