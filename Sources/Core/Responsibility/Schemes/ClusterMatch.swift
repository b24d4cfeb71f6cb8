/// The arithmetic of the xt_cluster match (`iptables -m cluster`): always the source address alone.
///
/// What is hashed is the source of the connection's original direction, and of its master's for a related connection;
/// hand in that address. Source: `xt_cluster_hash` of net/netfilter/xt_cluster.c.
public struct ClusterMatch: Hashable, Sendable {
    /// The number of buckets, `--cluster-total-nodes`, 1–32 in a rule that a kernel accepted.
    public var bucketCount: UInt32
    /// The seed, `--cluster-hash-seed`.
    public var seed: UInt32
    /// The generation of the kernel's jhash.
    public var generation: JhashGeneration
    /// The byte order of the node's processor.
    public var byteOrder: ByteOrder

    /// A match from its parts; by default that of Linux ≥ 4.1 on a little-endian machine.
    public init(
        bucketCount: UInt32, seed: UInt32, generation: JhashGeneration = .lookup3, byteOrder: ByteOrder = .little
    ) {
        self.bucketCount = bucketCount
        self.seed = seed
        self.generation = generation
        self.byteOrder = byteOrder
    }

    /// The word that is hashed: the first four wire bytes of the address as the processor loads them.
    ///
    /// Of an IPv6 address the kernel hashes only these 32 bits, because it divides a count of words by the size of a
    /// word once more; all hosts of one /32 share a bucket. Seen on Linux 6.18.
    public func word(of source: IPAddress) -> UInt32 {
        switch source {
        case .v4(let address): byteOrder.loaded(address.number)
        case .v6(let address): byteOrder.loaded(UInt32(truncatingIfNeeded: address.high >> 32))
        }
    }

    /// The hash of a connection's original source address.
    public func hash(of source: IPAddress) -> UInt32 {
        let word = word(of: source)
        switch source {
        case .v4: return Jhash.words(word, count: 1, seed: seed, generation: generation)
        // jhash2, whose hash of one word is that of jhash_1word since 4.1.
        case .v6 where generation != .lookup2: return Jhash.words(word, count: 1, seed: seed)
        case .v6: return Jhash.array([word], seed: seed, generation: generation)
        }
    }

    /// The bucket a hash falls into, 1…N.
    public func bucket(ofHash hash: UInt32) -> Int { Int((UInt64(hash) * UInt64(bucketCount)) >> 32) + 1 }

    /// The bucket of a connection by its original source address, 1…N.
    public func bucket(of source: IPAddress) -> Int { bucket(ofHash: hash(of: source)) }
}

/// Why the kernel or iptables refuses an xt_cluster rule.
///
/// Source: `xt_cluster_mt_checkentry` and libxt_cluster.c.
public enum ClusterMatchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// More than 32 buckets: EINVAL.
    case tooManyNodes(UInt32)
    /// A node mask with a bit above the number of buckets: EDOM.
    case maskBeyondNodes(mask: UInt32, total: UInt32)
    /// iptables refuses fewer than 1 or more than 32 buckets.
    case totalOutOfRange(UInt32)
    /// iptables refuses a local node outside 1–32.
    case localNodeOutOfRange(UInt32)
    /// iptables refuses a local node above the number of buckets.
    case localNodeBeyondTotal

    /// The message, as the kernel logs or iptables prints it.
    public var description: String {
        switch self {
        case .tooManyNodes(let total): "you have exceeded the maximum number of cluster nodes (\(total) > 32)"
        case .maskBeyondNodes: "node mask cannot exceed total number of nodes"
        case .totalOutOfRange:
            "cluster: bad value for option \"--cluster-total-nodes\", or out of range (1-32)."
        case .localNodeOutOfRange:
            "cluster: bad value for option \"--cluster-local-node\", or out of range (1-32)."
        case .localNodeBeyondTotal: "`--cluster-local-node' must be <= `--cluster-total-nodes'"
        }
    }
}
