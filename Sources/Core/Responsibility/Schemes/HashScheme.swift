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
        case .nft(let expression): "jhash " + expression.fields.map(\.rawValue).joined(separator: " . ")
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
