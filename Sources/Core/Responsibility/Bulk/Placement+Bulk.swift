internal import CVectorHash

extension Placement {
    /// Places many flows: `buckets[i]` becomes the bucket of the i-th, 1…N.
    ///
    /// Exactly what `bucket(of:)` gives for each, with the widest vectors of the processor. Throws when the columns that
    /// the mode reads and `buckets` have different lengths.
    public func place(
        _ flows: FlowColumns, into buckets: UnsafeMutableBufferPointer<UInt32>, width: VectorWidth = .best
    ) throws(BulkError) {
        var batch = try batch(of: flows, room: buckets.count)
        batch.wide = buckets.baseAddress
        try Bulk.run(&batch, width)
    }

    /// Places many flows as the other `place` does, with 16-bit results; throws also when N exceeds 65,535.
    public func place(
        _ flows: FlowColumns, into buckets: UnsafeMutableBufferPointer<UInt16>, width: VectorWidth = .best
    ) throws(BulkError) {
        guard bucketCount <= UInt32(UInt16.max) else { throw .tooManyBuckets(bucketCount) }
        var batch = try batch(of: flows, room: buckets.count)
        batch.narrow = buckets.baseAddress
        try Bulk.run(&batch, width)
    }

    private func batch(of flows: FlowColumns, room: Int) throws(BulkError) -> clusterip_batch {
        let count = flows.sources.count
        guard room == count, mode.wordCount < 2 || flows.sourcePorts.count == count,
            mode.wordCount < 3 || flows.destinationPorts.count == count
        else { throw .lengths }
        return clusterip_batch(
            source: flows.sources.baseAddress, source_port: flows.sourcePorts.baseAddress,
            destination_port: flows.destinationPorts.baseAddress, narrow: nil, wide: nil, count: count,
            start: start, nodes: bucketCount, words: wordKind, lookup2: generation == .lookup2)
    }

    private var start: (UInt32, UInt32, UInt32) {
        switch generation {
        case .lookup3:
            let start = Jhash.initialValue &+ UInt32(mode.wordCount) << 2 &+ seed
            return (start, start, start)
        case .lookup3WithoutLength: return (Jhash.initialValue, Jhash.initialValue, seed)
        case .lookup2: return (Jhash.goldenRatio, Jhash.goldenRatio, seed)
        }
    }

    /// Ports are swapped when the processor that the flows are placed for loads them in the order that is not the wire's.
    private var wordKind: clusterip_words {
        switch (mode, byteOrder) {
        case (.sourceIP, _): CLUSTERIP_SOURCE
        case (.sourceIPSourcePort, .little): CLUSTERIP_SOURCE_PORT_SWAPPED
        case (.sourceIPSourcePort, .big): CLUSTERIP_SOURCE_PORT
        case (.sourceIPSourcePortDestinationPort, .little): CLUSTERIP_SOURCE_PORTS_SWAPPED
        case (.sourceIPSourcePortDestinationPort, .big): CLUSTERIP_SOURCE_PORTS
        }
    }
}

extension Placement {
    /// The buckets, each 1…N, of flows in columns: the i-th of each column is one flow.
    ///
    /// Exactly what `bucket(of:)` gives for each, with the widest vectors of the processor. Addresses and ports are numbers
    /// in host order; ports of protocols that are hashed without ports must be 0. Columns that the hash mode does not read
    /// may be left out. Throws `BulkError.lengths` when those it reads differ in length.
    ///
    /// It allocates the result; for memory of your own, and for 16-bit results, see `place(_:into:width:)`.
    public func buckets(
        sources: [UInt32], sourcePorts: [UInt16] = [], destinationPorts: [UInt16] = []
    ) throws(BulkError) -> [UInt32] {
        var buckets = [UInt32](repeating: 0, count: sources.count)
        try sources.withUnsafeBufferPointer { (sources) throws(BulkError) in
            try sourcePorts.withUnsafeBufferPointer { (sourcePorts) throws(BulkError) in
                try destinationPorts.withUnsafeBufferPointer { (destinationPorts) throws(BulkError) in
                    let flows = FlowColumns(
                        sources: sources, sourcePorts: sourcePorts, destinationPorts: destinationPorts)
                    try buckets.withUnsafeMutableBufferPointer { (buckets) throws(BulkError) in
                        try place(flows, into: buckets)
                    }
                }
            }
        }
        return buckets
    }
}
