/// How flows are placed in buckets: what is hashed, how, over how many buckets, with which seed; one type for every
/// mechanism.
///
/// Sources: `Placement`, `ClusterMatch` and `NftHash`, each of which names its kernel file.
public enum HashScheme: Hashable, Sendable {
    /// That of ipt_CLUSTERIP and of our nftables table.
    case clusterIP(Placement)
    /// That of the xt_cluster match.
    case clusterMatch(ClusterMatch)
    /// A `jhash` expression of nftables, as IPaddr2's rules have it.
    case nft(NftHash)

    /// The number of buckets, N.
    public var bucketCount: UInt32 {
        switch self {
        case .clusterIP(let placement): placement.bucketCount
        case .clusterMatch(let match): match.bucketCount
        case .nft(let expression): expression.modulus
        }
    }

    /// The number of the first bucket: 1, or an nftables expression's offset.
    public var firstBucket: Int {
        if case .nft(let expression) = self { return Int(expression.offset) }
        return 1
    }

    /// The seed; nil for an nftables expression whose seed nothing shows.
    public var seed: UInt32? {
        switch self {
        case .clusterIP(let placement): placement.seed
        case .clusterMatch(let match): match.seed
        case .nft(let expression): expression.seed
        }
    }

    /// The seed as text: "42", or "unknown".
    public var seedText: String { seed.map { String($0) } ?? "unknown" }

    /// What is hashed, in the words of its mechanism: "sourceip-sourceport", "cluster-match", "jhash ip saddr".
    public var name: String {
        switch self {
        case .clusterIP(let placement): placement.mode.rawValue
        case .clusterMatch: "cluster-match"
        case .nft(let expression): "jhash " + expression.parts.map(\.description).joined(separator: " . ")
        }
    }

    /// The bucket of a flow that its source opened, 1…N (for nftables: offset…offset + N − 1).
    ///
    /// Throws when the scheme cannot place it, with the reason.
    public func bucket(of flow: Flow) throws(HashSchemeError) -> Int {
        switch self {
        case .clusterIP(let placement):
            guard let bucket = placement.bucket(of: flow) else { throw .onlyIPv4 }
            return bucket
        case .clusterMatch(let match):
            return match.bucket(of: flow.source)
        case .nft(let expression):
            do { return try expression.value(of: flow) } catch { throw .nft(error) }
        }
    }
}

/// Why a scheme cannot place a flow.
///
/// Source: the `Placement` or `NftHash` that was asked.
public enum HashSchemeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// ipt_CLUSTERIP and our table know IPv4 only.
    case onlyIPv4
    /// The nftables expression cannot be computed.
    case nft(NftHashError)

    /// One sentence that says what is wrong.
    public var description: String {
        switch self {
        case .onlyIPv4: "CLUSTERIP places IPv4 flows only, and this flow is IPv6"
        case .nft(let error): error.description
        }
    }
}

/// As JSON: `{"kind":"clusterip","mode":"sourceip","buckets":16,"seed":42}`.
///
/// A generation of jhash and a byte order other than those of today's kernels on little-endian machines stand beside it,
/// as `"generation"` and `"byte_order"`. An nftables expression is `{"kind":"nft","expression":"jhash ip saddr mod 4 …"}`.
extension HashScheme: Codable {
    private enum Kind: String, Codable {
        case clusterIP = "clusterip"
        case clusterMatch = "cluster-match"
        case nft
    }

    private enum Key: String, CodingKey {
        case kind, mode, buckets, seed, generation, expression
        case byteOrder = "byte_order"
    }

    /// Decodes the object; throws `DecodingError` for a kind or an expression that this does not know.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let generation = try container.decodeIfPresent(JhashGeneration.self, forKey: .generation) ?? .lookup3
        let byteOrder = try container.decodeIfPresent(ByteOrder.self, forKey: .byteOrder) ?? .little
        switch try container.decode(Kind.self, forKey: .kind) {
        case .clusterIP:
            self = .clusterIP(
                Placement(
                    mode: try container.decode(HashMode.self, forKey: .mode),
                    bucketCount: try container.decode(UInt32.self, forKey: .buckets),
                    seed: try container.decode(UInt32.self, forKey: .seed), generation: generation,
                    byteOrder: byteOrder))
        case .clusterMatch:
            self = .clusterMatch(
                ClusterMatch(
                    bucketCount: try container.decode(UInt32.self, forKey: .buckets),
                    seed: try container.decode(UInt32.self, forKey: .seed), generation: generation,
                    byteOrder: byteOrder))
        case .nft:
            let text = try container.decode(String.self, forKey: .expression)
            do throws(NftHashError) { self = .nft(try NftHash(parsing: text, byteOrder: byteOrder)) } catch {
                throw DecodingError.dataCorruptedError(
                    forKey: .expression, in: container, debugDescription: error.description)
            }
        }
    }

    /// Encodes the object; throws what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .clusterIP(let placement):
            try container.encode(Kind.clusterIP, forKey: .kind)
            try container.encode(placement.mode, forKey: .mode)
            try Self.encode(
                placement.bucketCount, placement.seed, placement.generation, placement.byteOrder, &container)
        case .clusterMatch(let match):
            try container.encode(Kind.clusterMatch, forKey: .kind)
            try Self.encode(match.bucketCount, match.seed, match.generation, match.byteOrder, &container)
        case .nft(let expression):
            try container.encode(Kind.nft, forKey: .kind)
            try container.encode(expression.description, forKey: .expression)
            if expression.byteOrder != .little { try container.encode(expression.byteOrder, forKey: .byteOrder) }
        }
    }

    private static func encode(
        _ bucketCount: UInt32, _ seed: UInt32, _ generation: JhashGeneration, _ byteOrder: ByteOrder,
        _ container: inout KeyedEncodingContainer<Key>
    ) throws {
        try container.encode(bucketCount, forKey: .buckets)
        try container.encode(seed, forKey: .seed)
        if generation != .lookup3 { try container.encode(generation, forKey: .generation) }
        if byteOrder != .little { try container.encode(byteOrder, forKey: .byteOrder) }
    }
}
