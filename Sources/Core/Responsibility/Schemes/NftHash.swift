/// A `jhash` expression of nftables: `jhash ip saddr . tcp sport mod 4 seed 0x7 offset 1`.
///
/// The wire bytes of the parts are joined, each padded with zero bytes to a multiple of four when there are several, and
/// hashed by the kernel's `jhash`; the result is `reciprocal_scale(hash, modulus) + offset`. Source: net/netfilter/nft_hash.c.
public struct NftHash: Hashable, Sendable {
    /// What is hashed, in order; at least one part.
    public let parts: [NftKeyPart]
    /// The number of results, `mod`; at least 1.
    public let modulus: UInt32
    /// The seed; nil when the rule has none, and then the kernel has drawn one that nothing shows.
    public let seed: UInt32?
    /// The first result, `offset`; buckets are numbered from 1 when it is 1.
    public let offset: UInt32
    /// The byte order of the node's processor; it matters only for keys of more than 12 bytes.
    public let byteOrder: ByteOrder

    /// An expression over whole fields; throws what the kernel refuses.
    public init(
        fields: [NftKeyField], modulus: UInt32, seed: UInt32?, offset: UInt32 = 0, byteOrder: ByteOrder = .little
    ) throws(NftHashError) {
        try self.init(
            parts: fields.map { NftKeyPart(.field($0)) }, modulus: modulus, seed: seed, offset: offset,
            byteOrder: byteOrder)
    }

    /// An expression from its parts; throws what the kernel refuses.
    public init(
        parts: [NftKeyPart], modulus: UInt32, seed: UInt32?, offset: UInt32 = 0, byteOrder: ByteOrder = .little
    ) throws(NftHashError) {
        guard !parts.isEmpty else { throw .noFields }
        guard modulus >= 1 else { throw .zeroModulus }
        guard UInt64(offset) + UInt64(modulus) - 1 <= UInt64(UInt32.max) else { throw .rangeTooLarge }
        self.parts = parts
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
        for index in parts.indices { key += try bytes(of: index, in: flow, original: original) }
        return key
    }

    /// The bytes of one part in a packet, padded with zero bytes where there are several.
    func bytes(of index: Int, in flow: Flow, original: Flow? = nil) throws(NftHashError) -> [UInt8] {
        var (bytes, length) = try parts[index].register(of: flow, original: original ?? flow, byteOrder: byteOrder)
        guard parts.count > 1 else { return Array(bytes.prefix(length)) }
        while bytes.count % 4 != 0 { bytes.append(0) }
        return bytes
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

extension NftHash: CustomStringConvertible {
    /// Reads the expression as `nft list ruleset` prints it: `jhash ip saddr . th dport mod 4 seed 0x7 offset 1`, or a
    /// whole rule with it, such as `iif eth0 ct mark set jhash ip saddr mod 4 seed 7 offset 1 counter`.
    ///
    /// `seed` and `offset` may be missing; numbers are read as nft reads them: 0x2a is hexadecimal, 010 octal. Throws
    /// `unreadable` with the word that does not fit, `notInFlow` for a field that a flow does not tell, `symmetricHash` and
    /// `counter` for expressions that nothing predicts, and what `init(fields:…)` throws.
    public init(parsing text: String, byteOrder: ByteOrder = .little) throws(NftHashError) {
        var all = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if all.contains("symhash") { throw .symmetricHash }
        if all.contains("numgen") { throw .counter }
        if let start = all.firstIndex(where: { $0.drop { $0 == "(" } == "jhash" }) { all.removeSubrange(...start) }
        var reader = NftKeyReader(all)
        let parts = try reader.parts()
        var words = reader.words
        var numbers: [String: UInt32] = [:]
        while let name = words.popFirst() {
            guard ["mod", "seed", "offset"].contains(name), numbers[name] == nil else {
                guard numbers["mod"] != nil, Self.mayFollow(name) else { throw .unreadable(name) }
                if Self.merging.contains(name) { throw .resultChanged(name + " " + (words.first ?? "")) }
                break
            }
            guard let value = words.popFirst() else { throw .unreadable(name) }
            guard let number = NumberText.parse(value) else { throw .unreadable(value) }
            numbers[name] = number
        }
        guard let modulus = numbers["mod"] else { throw .zeroModulus }
        try self.init(
            parts: parts, modulus: modulus, seed: numbers["seed"], offset: numbers["offset"] ?? 0,
            byteOrder: byteOrder)
    }

    /// What stands behind the expression in a rule; another word is a mistake, lest a mistyped `offset` be passed over.
    private static func mayFollow(_ word: String) -> Bool {
        let first = word.utf8.first ?? 0
        return first.isDigit || "@{}()!=<>|&^:\"".utf8.contains(first) || followers.contains(word)
    }

    /// What joins results, so that the hash alone is not the bucket.
    private static let merging: Set<String> = ["&", "and", ">>", "rshift"]

    private static let followers: Set<String> = [
        "map", "vmap", "eq", "neq", "ne", "lt", "gt", "le", "ge", "and", "or", "xor", "lshift", "rshift", "accept",
        "drop", "reject", "return", "continue", "jump", "goto", "counter", "log", "limit", "quota", "queue", "notrack",
        "meta", "ct", "ip", "ip6", "tcp", "udp", "th", "iif", "iifname", "oif", "oifname", "dnat", "snat", "masquerade",
        "redirect", "tproxy", "dup", "fwd", "set", "add", "update", "delete", "comment", "mark", "random", "persistent",
        "fully-random", "synproxy", "last", "#",
    ]

    /// The expression in nft's own words.
    public var description: String {
        let key = parts.map(\.description).joined(separator: " . ")
        let seedText = seed.map { " seed 0x" + String($0, radix: 16) } ?? ""
        return "jhash \(key) mod \(modulus)\(seedText)" + (offset == 0 ? "" : " offset \(offset)")
    }
}

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
    /// `numgen`: the kernel counts packets or draws numbers.
    case counter
    /// The rule changes the result of the hash, by the associated value, so that results fall together.
    case resultChanged(String)
    /// An operation that nft prints in one order and reads in another.
    case ambiguous(String)
    /// A field that nftables can hash and that a flow does not tell.
    case notInFlow(String)
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
        case .counter: "numgen counts packets or draws numbers, so nothing can predict it; write jhash with a seed"
        case .resultChanged(let change):
            "the rule joins results of the hash by \"\(change)\": give the jhash alone, up to its offset"
        case .ambiguous(let operation):
            "\"\(operation)\" binds more tightly than what stands before it, so that nft prints one thing and reads "
                + "another: put what belongs together into parentheses"
        case .notInFlow(let field):
            "\"\(field)\" differs between the packets of one flow, or between machines, so no flow tells it"
        case .unreadable(let word):
            "\"\(word)\" does not fit; expected \"jhash FIELD . FIELD mod NUMBER seed NUMBER offset NUMBER\""
        }
    }
}
