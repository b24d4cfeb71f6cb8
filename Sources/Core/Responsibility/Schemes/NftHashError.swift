/// Why a `jhash` expression of nftables cannot be, or cannot be computed for a packet.
///
/// Source: `nft_jhash_init` of net/netfilter/nft_hash.c for what the kernel refuses.
public enum NftHashError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No field to hash: ERANGE in the kernel.
    case noFields
    /// A modulus of 0: ERANGE in the kernel.
    case zeroModulus
    /// The largest result would exceed 32 bits: EOVERFLOW in the kernel.
    case rangeTooLarge
    /// The rule has no seed.
    case seedUnknown
    /// The packet's address family is not the field's.
    case otherFamily(NftKeyField)
    /// The packet's protocol is not the field's.
    case otherProtocol(NftKeyField, TransportProtocol)
    /// The packet's transport header does not begin with ports, so that a flow does not tell the field's bytes.
    case noPorts(NftKeyField, TransportProtocol)
    /// `symhash`: the kernel hashes with a key of its own that it draws at every boot.
    case symmetricHash
    /// The text is not an expression that this reads; the associated value is the word that does not fit.
    case unreadable(String)

    /// One sentence that says what is wrong and what would be right.
    public var description: String {
        switch self {
        case .noFields: "jhash has no field to hash; give at least one, as in \"jhash ip saddr mod 4 seed 0\""
        case .zeroModulus: "mod is 0; it must be at least 1"
        case .rangeTooLarge: "offset + mod - 1 exceeds 4294967295"
        case .seedUnknown:
            "the rule has no seed, so the kernel drew a random one that nothing shows; give the rule \"seed NUMBER\""
        case .otherFamily(let field): "\"\(field.rawValue)\" is not in a packet of this address family"
        case .otherProtocol(let field, let transport): "\"\(field.rawValue)\" is not in a \(transport) packet"
        case .noPorts(let field, let transport):
            "\"\(field.rawValue)\" of \(transport) is other bytes than ports, which a flow does not tell"
        case .symmetricHash:
            "symhash is keyed by every kernel anew at boot, so nothing can predict it; write jhash with a seed"
        case .unreadable(let word):
            "\"\(word)\" does not fit; expected \"jhash FIELD . FIELD mod NUMBER seed NUMBER offset NUMBER\""
        }
    }
}
