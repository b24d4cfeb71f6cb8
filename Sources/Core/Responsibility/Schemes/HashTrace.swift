/// How a flow came to its bucket, step by step, for people.
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
    public var totalNodes: UInt32
    /// hash × N; its upper 32 bits are the bucket less one.
    public var product: UInt64 { UInt64(hash) * UInt64(totalNodes) }
    /// The bucket, 1…N.
    public var bucket: Int { Int(product >> 32) + 1 }
}

extension Placement {
    /// How a flow comes to its bucket.
    public func trace(of flow: Flow) -> HashTrace {
        let values = words(of: flow)
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
            words: Array(words.prefix(mode.wordCount)), seed: hashInit, hash: hash(of: flow), totalNodes: totalNodes)
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
        return HashTrace(words: [word], seed: seed, hash: hash(of: source), totalNodes: totalNodes)
    }
}
