/// Finds the arithmetic of a node from its connections and their marks.
///
/// ipt_CLUSTERIP and our table write the bucket of a new connection into its mark. Kernels differ in jhash and in byte
/// order, and distributions carry changes back, so that only this tells for certain. Marks that other rules wrote or
/// changed show as connections that nothing explains.
///
/// ipt_CLUSTERIP knows IPv4 only. Marks of IPv6 connections are those of rules with xt_cluster's match or with nftables'
/// `jhash`; IPv4 and IPv6 are calibrated apart, since other rules write them. Source: `clusterip_tg` of ipt_CLUSTERIP.c, `ct->mark = hash`.
public struct Calibration: Sendable {
    /// The numbers of buckets to try; empty for every number from the largest mark to 64.
    public var totals: [UInt32]
    /// The seeds to try.
    public var seeds: [UInt32]
    /// The largest number of candidates that a result lists.
    public var limit: Int

    /// A search; by default with seed 0 and any number of buckets up to 64.
    public init(totals: [UInt32] = [], seeds: [UInt32] = [0], limit: Int = 8) {
        self.totals = totals
        self.seeds = seeds
        self.limit = limit
    }

    /// What the connections say; those with mark 0 are left out.
    ///
    /// When all that are left are of IPv6, the arithmetics are `schemesV6`, else `schemes`, with which an IPv6 connection
    /// never agrees, but for xt_cluster.
    ///
    /// An arithmetic counts as explaining only when every marked connection agrees, and as the only one when no other
    /// explains them too, unless both are the same for all flows (mode `sourceip` in either byte order).
    public func run(on connections: [MarkedFlow]) -> CalibrationResult {
        let marked = connections.filter { $0.mark != 0 }
        guard let largest = marked.map(\.mark).max() else { return .noEvidence }
        let totals = totals.isEmpty ? Array(largest...max(largest, 64)).prefix(64).map(\.self) : totals
        var candidates: [CalibrationCandidate] = []
        let isV6 = marked.allSatisfy { $0.flow.source.family == .v6 }
        for seed in seeds {
            let schemes =
                isV6 ? Self.schemesV6(bucketCount: 1, seed: seed) : Self.schemes(bucketCount: 1, seed: seed)
            for scheme in schemes {
                candidates += HashKind(scheme: scheme).candidates(totals: totals, marked)
            }
        }
        candidates.sort { ($0.agreeing, $1.scheme.bucketCount) > ($1.agreeing, $0.scheme.bucketCount) }
        return verdict(candidates)
    }

    private func verdict(_ sorted: [CalibrationCandidate]) -> CalibrationResult {
        let explaining = sorted.filter(\.explainsAll)
        guard let first = explaining.first else { return .unexplained(Array(sorted.prefix(limit))) }
        let listed = Array(explaining.prefix(limit))
        return explaining.allSatisfy { $0.scheme.placesLike(first.scheme) } ? .explained(listed) : .ambiguous(listed)
    }
}

/// A hash without its number of buckets, so that each flow is hashed once for all numbers.
private struct HashKind {
    var scheme: HashScheme

    func candidates(totals: [UInt32], _ marked: [MarkedFlow]) -> [CalibrationCandidate] {
        let hashes = marked.map { scheme.hash(of: $0.flow) }
        return totals.map { total in
            let agreeing = zip(hashes, marked).count { hash, connection in
                guard let hash else { return false }
                return UInt32(truncatingIfNeeded: (UInt64(hash) * UInt64(total)) >> 32) &+ 1 == connection.mark
            }
            return CalibrationCandidate(scheme: scheme.with(total), agreeing: agreeing, total: marked.count)
        }
    }
}

extension HashScheme {
    /// The hash of a flow; nil when it cannot be placed.
    fileprivate func hash(of flow: Flow) -> UInt32? {
        switch self {
        case .clusterIP(let placement): placement.hash(of: flow)
        case .clusterMatch(let match): match.hash(of: flow.source)
        case .nft(let expression): try? expression.hash(of: flow)
        }
    }

    fileprivate func with(_ total: UInt32) -> HashScheme {
        switch self {
        case .clusterIP(var placement):
            placement.bucketCount = total
            return .clusterIP(placement)
        case .clusterMatch(var match):
            match.bucketCount = total
            return .clusterMatch(match)
        case .nft(let expression):
            // The modulus is not 0, and marks are far from 32 bits.
            let other = try? NftHash(
                fields: expression.fields, modulus: total, seed: expression.seed, offset: expression.offset,
                byteOrder: expression.byteOrder)
            return .nft(other ?? expression)
        }
    }

    /// Whether two schemes place every flow alike: here only the byte order of mode `sourceip` makes no difference.
    fileprivate func placesLike(_ other: HashScheme) -> Bool {
        guard case .clusterIP(var left) = self, case .clusterIP(let right) = other else { return self == other }
        if left.mode == .sourceIP { left.byteOrder = right.byteOrder }
        return left == right
    }
}
