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
