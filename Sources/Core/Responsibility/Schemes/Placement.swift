/// Everything that decides which bucket of ipt_CLUSTERIP and of our nftables table a flow falls into.
///
/// Source: `clusterip_hashfn` of net/ipv4/netfilter/ipt_CLUSTERIP.c.
public struct Placement: Hashable, Sendable {
    /// What is hashed.
    public var mode: HashMode
    /// The number of buckets, N; 0 places everything in bucket 1, as the kernel does.
    public var bucketCount: UInt32
    /// The seed, `--hash-init`.
    public var seed: UInt32
    /// The generation of the kernel's jhash.
    public var generation: JhashGeneration
    /// The byte order of the node's processor; mode `sourceip` is the same in both.
    public var byteOrder: ByteOrder

    /// A placement from its parts; by default that of Linux ≥ 4.1 on a little-endian machine.
    public init(
        mode: HashMode, bucketCount: UInt32, seed: UInt32, generation: JhashGeneration = .lookup3,
        byteOrder: ByteOrder = .little
    ) {
        self.mode = mode
        self.bucketCount = bucketCount
        self.seed = seed
        self.generation = generation
        self.byteOrder = byteOrder
    }

    /// The hash of an IPv4 flow; nil for an IPv6 flow, which ipt_CLUSTERIP does not know.
    @inlinable
    public func hash(of flow: Flow) -> UInt32? {
        guard let words = words(of: flow) else { return nil }
        return Jhash.words(
            words.0, words.1, words.2, count: mode.wordCount, seed: seed, generation: generation)
    }

    /// The three words that enter the hash: source address, source port, destination port; those that the mode leaves
    /// out are 0, and so are the ports of a protocol that has none.
    ///
    /// The address is a number in host order; the ports are as the processor loads their wire bytes. Nil for an IPv6 flow.
    @inlinable
    public func words(of flow: Flow) -> (UInt32, UInt32, UInt32)? {
        guard case .v4(let source) = flow.source else { return nil }
        guard mode != .sourceIP, flow.transport.portsOffset != nil else { return (source.number, 0, 0) }
        let destinationPort = mode == .sourceIPSourcePort ? 0 : byteOrder.loaded(flow.destinationPort)
        return (source.number, byteOrder.loaded(flow.sourcePort), destinationPort)
    }

    /// The bucket a hash falls into, 1…N: `reciprocal_scale(hash, N) + 1`.
    @inlinable
    public func bucket(ofHash hash: UInt32) -> Int { Int((UInt64(hash) * UInt64(bucketCount)) >> 32) + 1 }

    /// The bucket of an IPv4 flow, 1…N; nil for an IPv6 flow.
    @inlinable
    public func bucket(of flow: Flow) -> Int? { hash(of: flow).map(bucket(ofHash:)) }
}

/// What ipt_CLUSTERIP hashes of a packet; the names are those of iptables' `--hashmode`.
///
/// Source: include/uapi/linux/netfilter_ipv4/ipt_CLUSTERIP.h, `enum clusterip_hashmode`.
public enum HashMode: String, CaseIterable, Sendable, Codable {
    /// The source address.
    case sourceIP = "sourceip"
    /// The source address and source port.
    case sourceIPSourcePort = "sourceip-sourceport"
    /// The source address, source port and destination port.
    case sourceIPSourcePortDestinationPort = "sourceip-sourceport-destport"

    /// How many 32-bit words enter the hash: 1, 2 or 3.
    public var wordCount: Int {
        switch self {
        case .sourceIP: 1
        case .sourceIPSourcePort: 2
        case .sourceIPSourcePortDestinationPort: 3
        }
    }
}
