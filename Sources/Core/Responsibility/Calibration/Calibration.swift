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

extension Calibration {
    /// Every arithmetic that writes buckets into marks, those of today's kernels and of little-endian processors first.
    ///
    /// Each is there once: ipt_CLUSTERIP's mode `sourceip` is the same in both byte orders, and so is xt_cluster on a
    /// big-endian machine.
    public static func schemes(bucketCount: UInt32, seed: UInt32 = 0) -> [HashScheme] {
        JhashGeneration.allCases.reversed().flatMap { generation in
            ByteOrder.allCases.flatMap { order in
                schemes(bucketCount: bucketCount, seed: seed, generation: generation, byteOrder: order)
            }
        }
    }

    /// Every arithmetic that writes buckets of IPv6 connections into marks: xt_cluster before and since Linux 2.6.37
    /// in each byte order, then nftables' `jhash` over the source address, alone, with the source port, and with both ports.
    ///
    /// nftables' results are numbered from 1, as marks are (`offset 1`): mark 0 is none. The byte order matters to both;
    /// `nft_hash` has only known today's jhash. With `bucketCount` 0 there are no expressions: the kernel refuses them.
    /// Source: net/netfilter/xt_cluster.c and nft_hash.c.
    public static func schemesV6(bucketCount: UInt32, seed: UInt32 = 0) -> [HashScheme] {
        // jhash2, which xt_cluster takes for IPv6, did not change in 4.1.
        let matches = [JhashGeneration.lookup3, .lookup2].flatMap { generation in
            ByteOrder.allCases.map { order in
                HashScheme.clusterMatch(
                    ClusterMatch(bucketCount: bucketCount, seed: seed, generation: generation, byteOrder: order))
            }
        }
        let fields: [[NftKeyField]] = [
            [.ip6Source], [.ip6Source, .transportSourcePort],
            [.ip6Source, .transportSourcePort, .transportDestinationPort],
        ]
        let expressions = ByteOrder.allCases.flatMap { order in
            fields.compactMap { fields in
                try? NftHash(fields: fields, modulus: bucketCount, seed: seed, offset: 1, byteOrder: order)
            }
        }
        return matches + expressions.map { .nft($0) }
    }

    private static func schemes(
        bucketCount: UInt32, seed: UInt32, generation: JhashGeneration, byteOrder: ByteOrder
    ) -> [HashScheme] {
        let modes = HashMode.allCases.filter { $0 != .sourceIP || byteOrder == .little }
        let match = ClusterMatch(bucketCount: bucketCount, seed: seed, generation: generation, byteOrder: byteOrder)
        return modes.map { mode in
            .clusterIP(
                Placement(
                    mode: mode, bucketCount: bucketCount, seed: seed, generation: generation, byteOrder: byteOrder))
        } + (byteOrder == .little ? [.clusterMatch(match)] : [])
    }
}

/// An arithmetic that might explain marks, with the evidence counted.
///
/// Counts are of connections. Source: `Calibration`.
public struct CalibrationCandidate: Hashable, Sendable {
    /// The arithmetic.
    public var scheme: HashScheme
    /// How many connections it places where their marks say.
    public var agreeing: Int
    /// How many connections have a mark.
    public var total: Int

    /// Whether it explains every connection.
    public var explainsAll: Bool { agreeing == total && total > 0 }

    /// How many would agree by chance alone, one in N.
    public var expectedByChance: Double {
        Double(total) / Double(max(1, scheme.bucketCount))
    }
}

/// What marks say about the arithmetic that wrote them.
///
/// Source: `Calibration`; the candidates come with their evidence counted, best first.
public enum CalibrationResult: Hashable, Sendable {
    /// No connection has a mark.
    case noEvidence
    /// Exactly one arithmetic explains every mark (several, when they place all flows alike).
    case explained([CalibrationCandidate])
    /// Several arithmetics that place flows differently explain every mark: more connections are needed.
    case ambiguous([CalibrationCandidate])
    /// None explains every mark; the best come first.
    case unexplained([CalibrationCandidate])
}

/// A connection's original direction with the mark that a node's rules wrote: the bucket.
///
/// Source: `conntrack -L`, "mark="; ipt_CLUSTERIP writes it (`clusterip_tg`) for connections that are new, and rules of
/// ip6tables and nftables write it for IPv6 ones.
public struct MarkedFlow: Hashable, Sendable {
    /// The original direction.
    public var flow: Flow
    /// The mark, a bucket from 1 on; 0 is no mark.
    public var mark: UInt32

    /// A flow with its mark.
    public init(flow: Flow, mark: UInt32) {
        self.flow = flow
        self.mark = mark
    }
}
