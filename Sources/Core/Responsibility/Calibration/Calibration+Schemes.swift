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
