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
    public func key(of flow: Flow, original: Flow? = nil) throws(NftHashError) -> [UInt8] {
        var key: [UInt8] = []
        for field in fields {
            key += try field.bytes(in: flow, original: original ?? flow)
            while fields.count > 1, key.count % 4 != 0 { key.append(0) }
        }
        return key
    }

    /// The hash of a packet; throws `seedUnknown` for a rule without a seed.
    public func hash(of flow: Flow, original: Flow? = nil) throws(NftHashError) -> UInt32 {
        guard let seed else { throw .seedUnknown }
        return Jhash.bytes(try key(of: flow, original: original), seed: seed, byteOrder: byteOrder)
    }

    /// The result for a packet, offset…offset + modulus − 1; throws as `hash(of:original:)`.
    public func value(of flow: Flow, original: Flow? = nil) throws(NftHashError) -> Int {
        Int((UInt64(try hash(of: flow, original: original)) * UInt64(modulus)) >> 32) + Int(offset)
    }
}
