/// Everything that decides which bucket a flow falls into: the hash mode, the number of buckets and the seed.
public struct Placement: Hashable, Sendable {
    /// What is hashed.
    public var mode: HashMode
    /// The number of buckets, N; 0 places everything in bucket 1, as the kernel does.
    public var totalNodes: UInt32
    /// The seed, `--hash-init`.
    public var hashInit: UInt32

    /// A placement from its three parts.
    public init(mode: HashMode, totalNodes: UInt32, hashInit: UInt32) {
        self.mode = mode
        self.totalNodes = totalNodes
        self.hashInit = hashInit
    }

    /// The hash of a flow, as `clusterip_hashfn` of ipt_CLUSTERIP.c computes it on a little-endian Linux ≥ 4.1.
    public func hash(of flow: Flow) -> UInt32 {
        let hasPorts = flow.transport.portsOffset != nil
        let sourcePort = hasPorts ? UInt32(flow.sourcePort.byteSwapped) : 0
        let destinationPort = hasPorts ? UInt32(flow.destinationPort.byteSwapped) : 0
        switch mode {
        case .sourceIP:
            return Jhash.words(flow.source.number, count: 1, seed: hashInit)
        case .sourceIPSourcePort:
            return Jhash.words(flow.source.number, sourcePort, count: 2, seed: hashInit)
        case .sourceIPSourcePortDestinationPort:
            return Jhash.words(flow.source.number, sourcePort, destinationPort, count: 3, seed: hashInit)
        }
    }

    /// The bucket a hash falls into, 1…N: `reciprocal_scale(hash, N) + 1`.
    public func bucket(ofHash hash: UInt32) -> Int { Int(UInt64(hash) * UInt64(totalNodes) >> 32) + 1 }

    /// The bucket of a flow, 1…N.
    public func bucket(of flow: Flow) -> Int { bucket(ofHash: hash(of: flow)) }
}
