import Responsibility

extension HashScheme {
    /// Whether it is that of xt_cluster.
    var isClusterMatch: Bool {
        if case .clusterMatch = self { return true }
        return false
    }

    /// Its parts as a placement, for changing some of them.
    var asPlacement: Placement {
        switch self {
        case .clusterIP(let placement): placement
        case .clusterMatch(let match):
            Placement(
                mode: .sourceIP, bucketCount: match.bucketCount, seed: match.seed, generation: match.generation,
                byteOrder: match.byteOrder)
        case .nft(let hash):
            Placement(mode: .sourceIP, bucketCount: hash.modulus, seed: hash.seed ?? 0, byteOrder: hash.byteOrder)
        }
    }

    /// What it is, for people, on one line.
    var text: String {
        switch self {
        case .clusterIP(let placement): "clusterip \(placement.mode.rawValue), " + Self.tail(placement)
        case .clusterMatch: "cluster-match, " + Self.tail(asPlacement)
        case .nft(let hash): "nft \(hash)" + (hash.byteOrder == .big ? ", big-endian" : "")
        }
    }

    private static func tail(_ parts: Placement) -> String {
        "\(parts.bucketCount) bucket\(parts.bucketCount == 1 ? "" : "s"), seed \(parts.seed), \(parts.generation.kernels), \(parts.byteOrder.rawValue)-endian"
    }
}

extension JhashGeneration {
    /// The kernels that have it.
    var kernels: String {
        switch self {
        case .lookup2: "Linux before 2.6.37"
        case .lookup3WithoutLength: "Linux 2.6.37 to 4.0"
        case .lookup3: "Linux 4.1 or later"
        }
    }
}
