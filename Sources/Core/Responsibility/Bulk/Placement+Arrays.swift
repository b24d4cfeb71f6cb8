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
