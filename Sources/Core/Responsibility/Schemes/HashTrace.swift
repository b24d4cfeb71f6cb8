/// How a flow came to its bucket, step by step, for people.
///
/// Words, seed and hash are 32-bit numbers as the node's processor has them in a register. Source: the scheme that made it.
public struct HashTrace: Hashable, Sendable {
    /// A word that entered the hash.
    public struct Word: Hashable, Sendable {
        /// What it is, "source address".
        public var name: String
        /// Where it comes from, "10.0.0.1 as a number".
        public var origin: String
        /// Its value.
        public var value: UInt32
    }

    /// The words in the order in which they entered.
    public var words: [Word]
    /// The seed.
    public var seed: UInt32
    /// The hash.
    public var hash: UInt32
    /// The number of buckets.
    public var bucketCount: UInt32
    /// The number of the first bucket.
    public var firstBucket: UInt32 = 1
    /// hash × N; its upper 32 bits are the bucket less the first bucket's number.
    public var product: UInt64 { UInt64(hash) * UInt64(bucketCount) }
    /// The bucket, 1…N (for nftables: offset…offset + N − 1).
    public var bucket: Int { Int(product >> 32) + Int(firstBucket) }
}

extension Placement {
    /// How an IPv4 flow comes to its bucket; nil for an IPv6 flow.
    public func trace(of flow: Flow) -> HashTrace? {
        guard let values = words(of: flow), let hash = hash(of: flow) else { return nil }
        let hasPorts = flow.transport.portsOffset != nil
        let wire = byteOrder == .little ? "its wire bytes read little-endian" : "its wire bytes read big-endian"
        func port(_ number: UInt16) -> String {
            hasPorts ? "\(number), \(wire)" : "0, because \(flow.transport) is hashed without ports"
        }
        let words = [
            HashTrace.Word(name: "source address", origin: "\(flow.source) as a number", value: values.0),
            HashTrace.Word(name: "source port", origin: port(flow.sourcePort), value: values.1),
            HashTrace.Word(name: "destination port", origin: port(flow.destinationPort), value: values.2),
        ]
        return HashTrace(
            words: Array(words.prefix(mode.wordCount)), seed: seed, hash: hash, bucketCount: bucketCount)
    }
}

extension ClusterMatch {
    /// How a connection, by its original source address, comes to its bucket.
    public func trace(of source: IPAddress) -> HashTrace {
        let order = byteOrder == .little ? "little-endian" : "big-endian"
        let bytes: String
        switch source {
        case .v4: bytes = "its wire bytes read \(order)"
        case .v6: bytes = "only its first four wire bytes, read \(order)"
        }
        let word = HashTrace.Word(name: "source address", origin: "\(source), \(bytes)", value: word(of: source))
        return HashTrace(words: [word], seed: seed, hash: hash(of: source), bucketCount: bucketCount)
    }
}

extension NftHash {
    /// How a flow that its source opened comes to its bucket; throws as `hash(of:original:)`.
    public func trace(of flow: Flow) throws(NftHashError) -> HashTrace {
        var words: [HashTrace.Word] = []
        // All but the last 1 to 12 bytes are loaded as words; the last ones byte by byte.
        let wordsInOrder = 3 * max(0, (try key(of: flow).count - 1) / 12)
        for (index, part) in parts.enumerated() {
            let bytes = try bytes(of: index, in: flow)
            for start in stride(from: 0, to: bytes.count, by: 4) {
                let some = bytes[start..<min(start + 4, bytes.count)]
                let order = words.count < wordsInOrder ? byteOrder : .little
                let value = (order == .little ? some.reversed() : Array(some)).reduce(UInt32(0)) {
                    $0 << 8 | UInt32($1)
                }
                words.append(
                    HashTrace.Word(
                        name: bytes.count > 4 ? "\(part), bytes \(start)-\(start + some.count - 1)" : "\(part)",
                        origin: Self.hex(some) + (order == .little ? " read little-endian" : " read big-endian"),
                        value: value))
            }
        }
        return HashTrace(
            words: words, seed: seed ?? 0, hash: try hash(of: flow), bucketCount: modulus, firstBucket: offset)
    }
}

extension NftHash {
    private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}

extension HashScheme {
    /// How a flow that its source opened comes to its bucket; throws as `bucket(of:)`.
    public func trace(of flow: Flow) throws(HashSchemeError) -> HashTrace {
        switch self {
        case .clusterIP(let placement):
            guard let trace = placement.trace(of: flow) else { throw .onlyIPv4 }
            return trace
        case .clusterMatch(let match): return match.trace(of: flow.source)
        case .nft(let expression):
            do { return try expression.trace(of: flow) } catch { throw .nft(error) }
        }
    }
}
