/// All columns of a batch, for loops over very many flows; the memory is the batch's.
public struct FlowPointers {
    /// The source addresses as numbers in host order.
    public let sources: UnsafePointer<UInt32>
    /// The source ports as numbers in host order; 0 where the protocol is hashed without ports.
    public let sourcePorts: UnsafePointer<UInt16>
    /// The destination addresses as numbers in host order.
    public let destinations: UnsafePointer<UInt32>
    /// The destination ports as numbers in host order; 0 where the protocol is hashed without ports.
    public let destinationPorts: UnsafePointer<UInt16>
    /// The protocols' numbers.
    public let transports: UnsafePointer<UInt8>
}

extension FlowBatch {
    /// Calls `body` with the columns, which hold `count` flows; not at all when there are none.
    public func withFlows(_ body: (FlowPointers) -> Void) {
        room.sources.withUnsafeBufferPointer { sources in
            room.sourcePorts.withUnsafeBufferPointer { sourcePorts in
                room.destinations.withUnsafeBufferPointer { destinations in
                    room.destinationPorts.withUnsafeBufferPointer { destinationPorts in
                        room.transports.withUnsafeBufferPointer { transports in
                            guard count > 0, let a = sources.baseAddress, let b = sourcePorts.baseAddress,
                                let c = destinations.baseAddress, let d = destinationPorts.baseAddress,
                                let e = transports.baseAddress
                            else { return }
                            body(
                                FlowPointers(
                                    sources: a, sourcePorts: b, destinations: c, destinationPorts: d, transports: e))
                        }
                    }
                }
            }
        }
    }
}
