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
    /// The next header of the IPv6 header, 1 byte; taken as the transport protocol, as in a packet without extension
    /// headers.
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
        return [flow.transport.rawValue]
    }

    /// nftables takes the bytes whatever they are: of ICMP the type and the code, of AH no part of its SPI.
    private func port(_ port: UInt16, of flow: Flow) throws(NftHashError) -> [UInt8] {
        guard flow.transport.portsOffset == 0 else { throw .noPorts(self, flow.transport) }
        return [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
    }
}
