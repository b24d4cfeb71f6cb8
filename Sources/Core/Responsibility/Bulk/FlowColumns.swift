/// Flows in columns, as the bulk lookups read them; the memory belongs to the caller.
///
/// Numbers in host order, one flow at the same index of each column. It must not be used after its memory is gone.
///
/// Ports of protocols that are hashed without ports must be 0, as `FlowBatch` has them. Columns that the hash mode does
/// not read may be empty.
public struct FlowColumns {
    /// The source addresses as numbers in host order.
    public var sources: UnsafeBufferPointer<UInt32>
    /// The source ports as numbers in host order.
    public var sourcePorts: UnsafeBufferPointer<UInt16>
    /// The destination ports as numbers in host order.
    public var destinationPorts: UnsafeBufferPointer<UInt16>

    /// Flows from their three columns.
    public init(
        sources: UnsafeBufferPointer<UInt32>, sourcePorts: UnsafeBufferPointer<UInt16>,
        destinationPorts: UnsafeBufferPointer<UInt16>
    ) {
        self.sources = sources
        self.sourcePorts = sourcePorts
        self.destinationPorts = destinationPorts
    }
}
