extension Calibration {
    /// Every arithmetic that writes buckets into marks, those of today's kernels and of little-endian processors first.
    ///
    /// Each is there once: ipt_CLUSTERIP's mode `sourceip` is the same in both byte orders, and so is xt_cluster on a
    /// big-endian machine.
    public static func schemes(totalNodes: UInt32, seed: UInt32 = 0) -> [HashScheme] {
        JhashGeneration.allCases.reversed().flatMap { generation in
            ByteOrder.allCases.flatMap { order in
                schemes(totalNodes: totalNodes, seed: seed, generation: generation, byteOrder: order)
            }
        }
    }

    private static func schemes(
        totalNodes: UInt32, seed: UInt32, generation: JhashGeneration, byteOrder: ByteOrder
    ) -> [HashScheme] {
        let modes = HashMode.allCases.filter { $0 != .sourceIP || byteOrder == .little }
        let match = ClusterMatch(totalNodes: totalNodes, seed: seed, generation: generation, byteOrder: byteOrder)
        return modes.map { mode in
            .clusterIP(
                Placement(
                    mode: mode, totalNodes: totalNodes, hashInit: seed, generation: generation, byteOrder: byteOrder))
        } + (byteOrder == .little ? [.clusterMatch(match)] : [])
    }
}
