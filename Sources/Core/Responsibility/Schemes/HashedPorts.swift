/// Which ports enter a hash; without them a flow of a protocol that has ports would be placed wrongly.
public struct HashedPorts: OptionSet, Hashable, Sendable {
    /// One bit for each port.
    public let rawValue: UInt8

    /// Ports by their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The source port.
    public static let source = Self(rawValue: 1)
    /// The destination port.
    public static let destination = Self(rawValue: 2)
    /// Both.
    public static let both: Self = [.source, .destination]
}

extension HashMode {
    /// The ports that it hashes.
    public var ports: HashedPorts {
        switch self {
        case .sourceIP: []
        case .sourceIPSourcePort: .source
        case .sourceIPSourcePortDestinationPort: .both
        }
    }
}

extension HashScheme {
    /// The ports that it hashes.
    public var ports: HashedPorts {
        switch self {
        case .clusterIP(let placement): placement.mode.ports
        case .clusterMatch: []
        case .nft(let expression): expression.parts.reduce(into: []) { $0.formUnion($1.ports) }
        }
    }
}

extension NftKeyPart {
    /// The ports that are in it.
    var ports: HashedPorts {
        switch source {
        case .field(let field): return field.ports
        case .bytes(.network, _, _): return []
        case .bytes(.transport, let offset, let count):
            var ports: HashedPorts = []
            if offset < 2 { ports.insert(.source) }
            if offset < 4, offset + count > 2 { ports.insert(.destination) }
            return ports
        }
    }
}

extension NftKeyField {
    /// The ports that it is.
    var ports: HashedPorts {
        switch self {
        case .transportSourcePort, .tcpSourcePort, .udpSourcePort, .udpLiteSourcePort, .sctpSourcePort,
            .dccpSourcePort, .originalSourcePort:
            .source
        case .transportDestinationPort, .tcpDestinationPort, .udpDestinationPort, .udpLiteDestinationPort,
            .sctpDestinationPort, .dccpDestinationPort, .originalDestinationPort:
            .destination
        default: []
        }
    }
}
