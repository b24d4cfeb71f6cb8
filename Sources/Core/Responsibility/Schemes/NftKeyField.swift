/// A field of a packet that nftables' `jhash` can hash, by the name it has in a rule.
///
/// The bytes are those of the packet, in wire order, whatever the processor's order is. Addresses have 4 or 16 bytes,
/// ports 2, protocol numbers 1. Source: net/netfilter/nft_payload.c, nft_meta.c and nft_ct.c.
public enum NftKeyField: String, CaseIterable, Sendable, Codable {
    /// The IPv4 source address, 4 bytes.
    case ipSource = "ip saddr"
    /// The IPv4 destination address, 4 bytes.
    case ipDestination = "ip daddr"
    /// The protocol number of the IPv4 header, 1 byte.
    case ipProtocol = "ip protocol"
    /// The IPv6 source address, 16 bytes.
    case ip6Source = "ip6 saddr"
    /// The IPv6 destination address, 16 bytes.
    case ip6Destination = "ip6 daddr"
    /// The next header of the IPv6 header, 1 byte: the transport protocol in a packet without extension headers, and in
    /// one with them what the flow says of them.
    case ip6NextHeader = "ip6 nexthdr"
    /// The transport protocol's number in either family, 1 byte.
    case transportProtocol = "meta l4proto"
    /// The source address of the connection's original direction, either family.
    case originalSource = "ct original saddr"
    /// The destination address of the connection's original direction, either family.
    case originalDestination = "ct original daddr"
    /// The IPv4 source address of the connection's original direction.
    case originalIPSource = "ct original ip saddr"
    /// The IPv4 destination address of the connection's original direction.
    case originalIPDestination = "ct original ip daddr"
    /// The IPv6 source address of the connection's original direction.
    case originalIP6Source = "ct original ip6 saddr"
    /// The IPv6 destination address of the connection's original direction.
    case originalIP6Destination = "ct original ip6 daddr"
    /// The first two bytes of any transport header; known only of protocols that have their ports there.
    case transportSourcePort = "th sport"
    /// The second two bytes of any transport header; known only of protocols that have their ports there.
    case transportDestinationPort = "th dport"
    /// The TCP source port; a rule with it sees TCP only.
    case tcpSourcePort = "tcp sport"
    /// The TCP destination port; a rule with it sees TCP only.
    case tcpDestinationPort = "tcp dport"
    /// The UDP source port; a rule with it sees UDP only.
    case udpSourcePort = "udp sport"
    /// The UDP destination port; a rule with it sees UDP only.
    case udpDestinationPort = "udp dport"
    /// The UDP-Lite source port; a rule with it sees UDP-Lite only.
    case udpLiteSourcePort = "udplite sport"
    /// The UDP-Lite destination port; a rule with it sees UDP-Lite only.
    case udpLiteDestinationPort = "udplite dport"
    /// The SCTP source port; a rule with it sees SCTP only.
    case sctpSourcePort = "sctp sport"
    /// The SCTP destination port; a rule with it sees SCTP only.
    case sctpDestinationPort = "sctp dport"
    /// The DCCP source port; a rule with it sees DCCP only.
    case dccpSourcePort = "dccp sport"
    /// The DCCP destination port; a rule with it sees DCCP only.
    case dccpDestinationPort = "dccp dport"

    /// The address family's number, 2 or 10, 1 byte.
    case networkProtocol = "meta nfproto"
    /// The EtherType of IPv4 or IPv6, 2 bytes.
    case etherType = "meta protocol"
    /// The transport protocol's number of the connection, 1 byte.
    case connectionProtocol = "ct protocol"
    /// The transport protocol's number of the connection's original direction, 1 byte.
    case originalProtocol = "ct original protocol"
    /// The source port of the connection's original direction; known only of protocols that have their ports there.
    case originalSourcePort = "ct original proto-src"
    /// The destination port of the connection's original direction; known only of protocols that have their ports there.
    case originalDestinationPort = "ct original proto-dst"

    /// How many bytes it has; of a field of either address family those of IPv4.
    var length: Int {
        switch self {
        case .ipProtocol, .ip6NextHeader, .transportProtocol, .networkProtocol, .connectionProtocol, .originalProtocol:
            1
        case .etherType: 2
        case .ip6Source, .ip6Destination, .originalIP6Source, .originalIP6Destination: 16
        default: ports.isEmpty ? 4 : 2
        }
    }

    /// The only protocol for which a rule with this field matches; nil for any.
    var transport: TransportProtocol? {
        switch self {
        case .tcpSourcePort, .tcpDestinationPort: .tcp
        case .udpSourcePort, .udpDestinationPort: .udp
        case .udpLiteSourcePort, .udpLiteDestinationPort: .udpLite
        case .sctpSourcePort, .sctpDestinationPort: .sctp
        case .dccpSourcePort, .dccpDestinationPort: .dccp
        default: nil
        }
    }
}

extension NftKeyField {
    /// The field's wire bytes in a packet, without padding; throws when the packet has no such field, or when its
    /// value cannot be told from a flow.
    func bytes(in flow: Flow, original: Flow) throws(NftHashError) -> [UInt8] {
        if let transport, flow.transport != transport { throw .otherProtocol(self, flow.transport) }
        switch self {
        case .ipSource: return try v4(flow.source)
        case .ipDestination: return try v4(flow.destination)
        case .ip6Source: return try v6(flow.source)
        case .ip6Destination: return try v6(flow.destination)
        case .ipProtocol, .ip6NextHeader, .transportProtocol: return try number(of: flow)
        case .originalSource: return either(original.source)
        case .originalDestination: return either(original.destination)
        case .originalIPSource: return try v4(original.source)
        case .originalIPDestination: return try v4(original.destination)
        case .originalIP6Source: return try v6(original.source)
        case .originalIP6Destination: return try v6(original.destination)
        case .transportSourcePort, .tcpSourcePort, .udpSourcePort, .udpLiteSourcePort, .sctpSourcePort,
            .dccpSourcePort:
            return try port(flow.sourcePort, of: flow)
        case .transportDestinationPort, .tcpDestinationPort, .udpDestinationPort, .udpLiteDestinationPort,
            .sctpDestinationPort, .dccpDestinationPort:
            return try port(flow.destinationPort, of: flow)
        case .networkProtocol: return [flow.source.family == .v4 ? 2 : 10]
        case .etherType: return flow.source.family == .v4 ? [0x08, 0x00] : [0x86, 0xdd]
        case .connectionProtocol: return [flow.transport.rawValue]
        case .originalProtocol: return [original.transport.rawValue]
        case .originalSourcePort: return try port(original.sourcePort, of: original)
        case .originalDestinationPort: return try port(original.destinationPort, of: original)
        }
    }

    private func v4(_ address: IPAddress) throws(NftHashError) -> [UInt8] {
        guard case .v4 = address else { throw .otherFamily(self) }
        return either(address)
    }

    private func v6(_ address: IPAddress) throws(NftHashError) -> [UInt8] {
        guard case .v6 = address else { throw .otherFamily(self) }
        return either(address)
    }

    private func either(_ address: IPAddress) -> [UInt8] {
        switch address {
        case .v4(let address): (0..<4).map { UInt8(truncatingIfNeeded: address.number >> (24 - 8 * $0)) }
        case .v6(let address): address.bytes
        }
    }

    private func number(of flow: Flow) throws(NftHashError) -> [UInt8] {
        let isIPv6 = if case .v6 = flow.source { true } else { false }
        if self == .ipProtocol && isIPv6 || self == .ip6NextHeader && !isIPv6 { throw .otherFamily(self) }
        return [self == .ip6NextHeader ? flow.nextHeader ?? flow.transport.rawValue : flow.transport.rawValue]
    }

    /// nftables takes the bytes whatever they are: of ICMP the type and the code, of AH no part of its SPI.
    private func port(_ port: UInt16, of flow: Flow) throws(NftHashError) -> [UInt8] {
        guard flow.transport.portsOffset == 0 else { throw .noPorts(self, flow.transport) }
        return [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
    }
}

extension NftKeyField {
    /// What nftables can hash, too, and a flow does not tell: it differs between the packets of one flow, or between
    /// machines.
    static let beyondFlows: Set<String> = [
        "ip ttl", "ip id", "ip dscp", "ip ecn", "ip length", "ip checksum", "ip frag-off", "ip hdrlength", "ip version",
        "ip6 hoplimit", "ip6 flowlabel", "ip6 dscp", "ip6 ecn", "ip6 length", "ip6 version", "tcp flags",
        "tcp sequence",
        "tcp ackseq", "tcp window", "tcp checksum", "tcp urgptr", "tcp doff", "udp length", "udp checksum",
        "udplite checksum", "udplite csumcov", "sctp checksum", "sctp vtag", "icmp type", "icmp code", "icmp id",
        "icmp sequence",
        "icmpv6 type", "icmpv6 code", "icmpv6 id", "icmpv6 sequence", "ether saddr", "ether daddr", "ether type",
        "vlan id", "vlan pcp", "ah spi", "ah sequence", "esp spi", "esp sequence", "meta length", "meta mark",
        "meta priority", "meta iif", "meta oif", "meta iifname", "meta oifname", "meta iiftype", "meta oiftype",
        "meta skuid", "meta skgid", "meta cpu", "meta rtclassid", "meta pkttype", "meta random", "meta iifgroup",
        "meta oifgroup", "meta cgroup", "meta time", "ct mark", "ct id", "ct state", "ct status", "ct zone",
        "ct expiration",
        "ct direction", "ct helper", "ct label", "ct bytes", "ct packets", "ct avgpkt", "rt classid", "rt nexthop",
        "fib saddr", "fib daddr", "socket mark", "socket transparent", "socket cgroupv2",
    ]
}
