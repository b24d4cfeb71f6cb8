extension HashScheme {
    /// Whether both place every flow that a client opens in the same bucket, though their mechanisms differ.
    ///
    /// xt_cluster and nftables' `jhash ip saddr … offset 1` do so for IPv4: both hash the source address as it is on the
    /// wire. For IPv6 they do not, since xt_cluster hashes the first word alone.
    public func placesAlike(_ other: HashScheme, family: IPAddress.Family = .v4) -> Bool {
        if self == other { return true }
        guard family == .v4, let own = asClusterMatch, let its = other.asClusterMatch else { return false }
        return own == its
    }

    /// The arithmetic of xt_cluster that places IPv4 flows as this one; nil when there is none.
    public var asClusterMatch: ClusterMatch? {
        switch self {
        case .clusterMatch(let match): return match
        case .clusterIP: return nil
        case .nft(let hash):
            let sources = [NftKeyField.ipSource, .originalIPSource, .originalSource]
            guard sources.contains(where: { hash.parts == [NftKeyPart(.field($0))] }), hash.offset == 1,
                let seed = hash.seed
            else { return nil }
            // Of four bytes, jhash makes the same word on every machine.
            return ClusterMatch(bucketCount: hash.modulus, seed: seed)
        }
    }
}
