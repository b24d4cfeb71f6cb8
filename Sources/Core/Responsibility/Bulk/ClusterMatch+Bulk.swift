internal import CVectorHash

extension ClusterMatch {
    /// Places many connections by their original IPv4 source addresses, numbers in host order: `buckets[i]` becomes the
    /// bucket of the i-th, 1…N.
    ///
    /// Throws `lengths` when the two differ in length and `unavailable` for a width that this processor has not; then
    /// nothing is written. Source: `xt_cluster_hash`, as `bucket(of:)`.
    public func place(
        _ sources: UnsafeBufferPointer<UInt32>, into buckets: UnsafeMutableBufferPointer<UInt32>,
        width: VectorWidth = .best
    ) throws(BulkError) {
        guard sources.count == buckets.count else { throw .lengths }
        let start: (UInt32, UInt32, UInt32)
        switch generation {
        case .lookup3:
            let value = Jhash.initialValue &+ 4 &+ seed
            start = (value, value, value)
        case .lookup3WithoutLength: start = (Jhash.initialValue, Jhash.initialValue, seed)
        case .lookup2: start = (Jhash.goldenRatio, Jhash.goldenRatio, seed)
        }
        var batch = clusterip_batch(
            source: sources.baseAddress, source_port: nil, destination_port: nil, narrow: nil,
            wide: buckets.baseAddress, count: sources.count, start: start, nodes: bucketCount,
            words: byteOrder == .little ? CLUSTERIP_SOURCE_SWAPPED : CLUSTERIP_SOURCE,
            lookup2: generation == .lookup2)
        try Bulk.run(&batch, width)
    }
}
