extension Calibration {
    /// Every arithmetic that writes buckets into marks, those of today's kernels and of little-endian processors first.
    ///
    /// Each is there once: ipt_CLUSTERIP's mode `sourceip` is the same in both byte orders and as xt_cluster on a
    /// big-endian machine, and nftables' `jhash ip saddr` is xt_cluster's. Last come nftables' `jhash` over the source
    /// address with the destination's, with the source port, and with both ports, which have no byte order.
    public static func schemes(bucketCount: UInt32, seed: UInt32 = 0) -> [HashScheme] {
        let fields: [[NftKeyField]] = [
            [.ipSource, .transportSourcePort], [.ipSource, .transportSourcePort, .transportDestinationPort],
            [.ipSource, .ipDestination],
        ]
        return JhashGeneration.allCases.reversed().flatMap { generation in
            ByteOrder.allCases.flatMap { order in
                schemes(bucketCount: bucketCount, seed: seed, generation: generation, byteOrder: order)
            }
        } + fields.compactMap { try? .nft(NftHash(fields: $0, modulus: bucketCount, seed: seed, offset: 1)) }
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

extension HashScheme {
    /// Whether a flow does not tell what is hashed of it, as nftables' `th sport` of ICMP, which is type and code.
    func isSilent(on flow: Flow) -> Bool {
        guard case .nft(let expression) = self else { return false }
        do throws(NftHashError) {
            _ = try expression.key(of: flow)
            return false
        } catch {
            if case .noPorts = error { return true }
            return false
        }
    }

    /// The hash of a flow; nil when it cannot be placed.
    func hash(of flow: Flow) -> UInt32? {
        switch self {
        case .clusterIP(let placement): placement.hash(of: flow)
        case .clusterMatch(let match): match.hash(of: flow.source)
        case .nft(let expression): try? expression.hash(of: flow)
        }
    }

    /// The same placement by a rule that the kernel takes: beyond 32 buckets that of xt_cluster is nftables' `jhash`.
    func possible(for family: IPAddress.Family) -> HashScheme {
        guard case .clusterMatch(let match) = self, match.bucketCount > 32, match.generation == .lookup3, family == .v4
        else { return self }
        let other = try? NftHash(fields: [.ipSource], modulus: match.bucketCount, seed: match.seed, offset: 1)
        return other.map(HashScheme.nft) ?? self
    }

    func with(_ total: UInt32) -> HashScheme {
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
                parts: expression.parts, modulus: total, seed: expression.seed, offset: expression.offset,
                byteOrder: expression.byteOrder)
            return .nft(other ?? expression)
        }
    }
}
