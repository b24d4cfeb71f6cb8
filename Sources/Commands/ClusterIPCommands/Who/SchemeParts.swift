import ClusterModel
import Responsibility

/// The parts of an arithmetic as an operator writes them; nil for those that are not given.
struct SchemeParts {
    var hashmode: String?
    var totalNodes: String?
    var hashInit: String?
    var scheme: String?
    var kernel: String?
    var byteOrder: String?

    /// Whether any part is given.
    var isGiven: Bool { [hashmode, totalNodes, hashInit, scheme, kernel, byteOrder].contains { $0 != nil } }

    /// The arithmetic; nil when no part is given.
    ///
    /// - Throws: `CommandError` that names the part that is wrong or missing.
    func value() throws(CommandError) -> HashScheme? {
        guard isGiven else { return nil }
        guard scheme != nil || hashmode != nil, totalNodes != nil || isExpression else {
            throw CommandError("an offline answer needs --hashmode and --total-nodes (and --hash-init, else 0)")
        }
        return try value(over: .clusterIP(Placement(mode: .sourceIP, bucketCount: 1, seed: 0)))
    }

    /// The arithmetic with the given parts, and the others from `base`.
    func value(over base: HashScheme) throws(CommandError) -> HashScheme {
        if isExpression { return try expression() }
        guard scheme == nil || scheme == "clusterip" || scheme == "cluster-match" else {
            throw CommandError(
                "\"\((scheme ?? "").madeSafe(limit: 60))\" is no scheme: there are clusterip, cluster-match and "
                    + "nftables' jhash …")
        }
        if case .nft = base, scheme == nil {
            throw CommandError("an nftables expression is compared by giving the whole other --compare-scheme")
        }
        var placement = base.asPlacement
        if let hashmode { placement.mode = try PlacementText.mode(hashmode) }
        if let totalNodes { placement.bucketCount = try PlacementText.totalNodes(totalNodes) }
        if let hashInit { placement.seed = try PlacementText.hashInit(hashInit) }
        placement.generation = try generation() ?? placement.generation
        placement.byteOrder = try order() ?? placement.byteOrder
        guard scheme == "cluster-match" || scheme == nil && base.isClusterMatch else { return .clusterIP(placement) }
        return try Self.match(placement, hashmode)
    }

    private var isExpression: Bool {
        guard let scheme else { return false }
        return ["nft ", "jhash ", "symhash "].contains { scheme.hasPrefix($0) }
    }

    private static func match(_ parts: Placement, _ hashmode: String?) throws(CommandError) -> HashScheme {
        guard hashmode == nil else {
            throw CommandError("cluster-match has no --hashmode: it hashes the source address")
        }
        guard (1...32).contains(parts.bucketCount) else {
            throw CommandError("cluster-match has 1 to 32 buckets, not \(parts.bucketCount)")
        }
        return .clusterMatch(
            ClusterMatch(
                bucketCount: parts.bucketCount, seed: parts.seed, generation: parts.generation,
                byteOrder: parts.byteOrder))
    }

    private func expression() throws(CommandError) -> HashScheme {
        guard hashmode == nil, totalNodes == nil, hashInit == nil else {
            throw CommandError("an nftables expression says itself what is hashed, mod and seed")
        }
        let text = scheme ?? ""
        do throws(NftHashError) {
            let hash = try NftHash(
                parsing: text.hasPrefix("nft ") ? String(text.dropFirst(4)) : text,
                byteOrder: (try? order()) ?? .little)
            guard hash.seed != nil else { throw NftHashError.seedUnknown }
            return .nft(hash)
        } catch {
            throw CommandError(error.description.madeSafe(limit: 300))
        }
    }

    /// The generation of jhash that the kernel has; nil when no kernel is given.
    func generation() throws(CommandError) -> JhashGeneration? {
        guard let kernel else { return nil }
        guard let version = LinuxVersion(kernel) else {
            throw CommandError(
                "\"\(kernel.madeSafe(limit: 40))\" is not a kernel version such as 3.10 or 6.1.0-56-amd64")
        }
        return JhashGeneration(of: version)
    }

    /// The byte order; nil when none is given.
    func order() throws(CommandError) -> ByteOrder? {
        guard let byteOrder else { return nil }
        guard let order = ByteOrder(rawValue: byteOrder) else {
            throw CommandError("\"\(byteOrder.madeSafe(limit: 40))\" is not a byte order: write little or big")
        }
        return order
    }
}
