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
