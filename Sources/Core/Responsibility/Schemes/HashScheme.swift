/// Any of the arithmetics that place flows in buckets.
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
