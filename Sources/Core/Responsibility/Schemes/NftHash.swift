/// A `jhash` expression of nftables: `jhash ip saddr . tcp sport mod 4 seed 0x7 offset 1`.
///
/// The fields' wire bytes are joined, each padded with zero bytes to a multiple of four when there are several, and
/// hashed by the kernel's `jhash`; the result is `reciprocal_scale(hash, modulus) + offset`. Source: net/netfilter/nft_hash.c.
public struct NftHash: Hashable, Sendable {
    /// What is hashed, in order; at least one field.
    public let fields: [NftKeyField]
    /// The number of results, `mod`; at least 1.
    public let modulus: UInt32
    /// The seed; nil when the rule has none, and then the kernel has drawn one that nothing shows.
    public let seed: UInt32?
    /// The first result, `offset`; buckets are numbered from 1 when it is 1.
    public let offset: UInt32
    /// The byte order of the node's processor; it matters only for keys of more than 12 bytes.
    public let byteOrder: ByteOrder

    /// An expression from its parts; throws what the kernel refuses.
    public init(
        fields: [NftKeyField], modulus: UInt32, seed: UInt32?, offset: UInt32 = 0, byteOrder: ByteOrder = .little
    ) throws(NftHashError) {
        guard !fields.isEmpty else { throw .noFields }
        guard modulus >= 1 else { throw .zeroModulus }
        guard UInt64(offset) + UInt64(modulus) - 1 <= UInt64(UInt32.max) else { throw .rangeTooLarge }
        self.fields = fields
        self.modulus = modulus
        self.seed = seed
        self.offset = offset
        self.byteOrder = byteOrder
    }

    /// The bytes that are hashed for a packet, in order.
    ///
    /// `original` is the original direction of the packet's connection; without it the packet is taken to be of that
    /// direction. Throws when a field is not in such a packet: the rule does not match it.
    public func key(of flow: IPFlow, original: IPFlow? = nil) throws(NftHashError) -> [UInt8] {
        var key: [UInt8] = []
        for field in fields {
            key += try bytes(of: field, in: flow, original: original ?? flow)
            while fields.count > 1, key.count % 4 != 0 { key.append(0) }
        }
        return key
    }

    /// The hash of a packet; throws `seedUnknown` for a rule without a seed.
    public func hash(of flow: IPFlow, original: IPFlow? = nil) throws(NftHashError) -> UInt32 {
        guard let seed else { throw .seedUnknown }
        return Jhash.bytes(try key(of: flow, original: original), seed: seed, byteOrder: byteOrder)
    }

    /// The result for a packet, offset…offset + modulus − 1; throws as `hash(of:original:)`.
    public func value(of flow: IPFlow, original: IPFlow? = nil) throws(NftHashError) -> Int {
        Int((UInt64(try hash(of: flow, original: original)) * UInt64(modulus)) >> 32) + Int(offset)
    }

    private func bytes(of field: NftKeyField, in flow: IPFlow, original: IPFlow) throws(NftHashError) -> [UInt8] {
        if let transport = field.transport, flow.transport != transport { throw .otherProtocol(field, flow.transport) }
        switch field {
        case .ipSource: return try v4(flow.source, field)
        case .ipDestination: return try v4(flow.destination, field)
        case .ip6Source: return try v6(flow.source, field)
        case .ip6Destination: return try v6(flow.destination, field)
        case .originalSource: return either(original.source)
        case .originalDestination: return either(original.destination)
        case .transportSourcePort, .tcpSourcePort, .udpSourcePort: return port(flow.sourcePort)
        case .transportDestinationPort, .tcpDestinationPort, .udpDestinationPort: return port(flow.destinationPort)
        }
    }

    private func v4(_ address: IPAddress, _ field: NftKeyField) throws(NftHashError) -> [UInt8] {
        guard case .v4 = address else { throw .otherFamily(field) }
        return either(address)
    }

    private func v6(_ address: IPAddress, _ field: NftKeyField) throws(NftHashError) -> [UInt8] {
        guard case .v6 = address else { throw .otherFamily(field) }
        return either(address)
    }

    private func either(_ address: IPAddress) -> [UInt8] {
        switch address {
        case .v4(let address): (0..<4).map { UInt8(truncatingIfNeeded: address.number >> (24 - 8 * $0)) }
        case .v6(let address): address.bytes
        }
    }

    private func port(_ port: UInt16) -> [UInt8] { [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)] }
}
