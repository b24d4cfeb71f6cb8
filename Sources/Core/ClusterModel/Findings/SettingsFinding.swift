import Responsibility

/// A setting in which a node differs from most nodes.
public enum SettingsFinding: Hashable, Sendable {
    /// What is hashed, by the name of the hash scheme.
    case mode(String, most: String)
    /// The number of buckets.
    case bucketCount(Int, most: Int)
    /// The seed; nil for one that nothing shows.
    case seed(UInt32?, most: UInt32?)
    /// The generation of jhash that its kernel has.
    case generation(JhashGeneration, most: JhashGeneration)
    /// The order of bytes in which its processor reads ports.
    case byteOrder(ByteOrder, most: ByteOrder)
    /// The cluster MAC.
    case mac(MACAddress, most: MACAddress)

    /// The stable name.
    public var code: String {
        switch self {
        case .mode: "mode_mismatch"
        case .bucketCount: "total_mismatch"
        case .seed: "seed_mismatch"
        case .generation: "generation_mismatch"
        case .byteOrder: "byte_order_mismatch"
        case .mac: "mac_mismatch"
        }
    }
}

extension ClusterSnapshot {
    /// Settings in which a node differs from most; each is critical, since clients' packets fall between the nodes.
    func settingsFindings(_ node: NodeStatus, _ own: ClusterConfiguration) -> [Finding] {
        var differing: [SettingsFinding] = []
        let placesAlike = own.scheme.placesAlike(configuration.scheme, family: configuration.address.family)
        if !placesAlike, own.scheme.kind != configuration.scheme.kind {
            differing.append(.mode(own.scheme.name, most: configuration.scheme.name))
        }
        if own.bucketCount != configuration.bucketCount {
            differing.append(.bucketCount(own.bucketCount, most: configuration.bucketCount))
        }
        if own.scheme.seed != configuration.scheme.seed {
            differing.append(.seed(own.scheme.seed, most: configuration.scheme.seed))
        }
        if differing.isEmpty, !placesAlike { differing += arithmetic(own.scheme) }
        if own.mac.isOther(than: configuration.mac) { differing.append(.mac(own.mac, most: configuration.mac)) }
        return differing.map { differing in
            let remedy: Remedy =
                switch differing {
                case .generation, .byteOrder: .leaveByHand(node: node.name, configuration.address)
                default: .reinstall(node: node.name)
                }
            return Finding(.settings(differing), node: node.name, remedy: remedy)
        }
    }

    /// What the node's machine computes differently, by the same settings.
    private func arithmetic(_ own: HashScheme) -> [SettingsFinding] {
        guard let its = own.machine, let most = configuration.scheme.machine else { return [] }
        if its.generation != most.generation { return [.generation(its.generation, most: most.generation)] }
        return its.byteOrder == most.byteOrder ? [] : [.byteOrder(its.byteOrder, most: most.byteOrder)]
    }
}

extension HashScheme {
    /// What of the arithmetic is the kernel's and the processor's; nil for an expression of nftables.
    fileprivate var machine: (generation: JhashGeneration, byteOrder: ByteOrder)? {
        switch self {
        case .clusterIP(let placement): (placement.generation, placement.byteOrder)
        case .clusterMatch(let match): (match.generation, match.byteOrder)
        case .nft: nil
        }
    }

    /// What is hashed, alike for mechanisms that place IPv4 flows alike.
    fileprivate var kind: String {
        asClusterMatch.map { _ in HashScheme.clusterMatch(ClusterMatch(bucketCount: 1, seed: 0)).name } ?? name
    }
}
