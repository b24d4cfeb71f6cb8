internal import CVectorHash

/// Room for flows in columns of one length, which is kept from block to block.
struct FlowRoom: Sendable {
    private(set) var sources: [UInt32] = []
    private(set) var destinations: [UInt32] = []
    private(set) var sourcePorts: [UInt16] = []
    private(set) var destinationPorts: [UInt16] = []
    private(set) var transports: [UInt8] = []

    /// For how many flows there is room.
    var size: Int { sources.count }

    /// Makes room for at least so many flows.
    mutating func grow(to least: Int) {
        guard size < least else { return }
        let added = max(least, 2 * size, 64) - size
        sources += repeatElement(0, count: added)
        destinations += repeatElement(0, count: added)
        sourcePorts += repeatElement(0, count: added)
        destinationPorts += repeatElement(0, count: added)
        transports += repeatElement(0, count: added)
    }

    /// Puts a flow at an index where there is room.
    mutating func put(_ flow: Flow, at index: Int) {
        precondition(index < size, "there is no room")
        withColumns(index) { $0.put(flow, at: index) }
    }

    /// Puts packets' flows from an index on, where there is room for them.
    mutating func put(_ packets: UnsafeBufferPointer<(flow: Flow, length: UInt32)>, at start: Int) {
        precondition(start + packets.count <= size, "there is no room")
        withColumns(start) { columns in
            for (offset, packet) in packets.enumerated() { columns.put(packet.flow, at: start &+ offset) }
        }
    }

    /// Copies a flow to another index.
    mutating func move(from: Int, to: Int) {
        sources[to] = sources[from]
        destinations[to] = destinations[from]
        sourcePorts[to] = sourcePorts[from]
        destinationPorts[to] = destinationPorts[from]
        transports[to] = transports[from]
    }

    /// Calls `body` with the columns to write into, of which `count` flows are there.
    mutating func withColumns<Result>(_ count: Int, _ body: (inout clusterip_lines) -> Result) -> Result {
        sources.withUnsafeMutableBufferPointer { sources in
            destinations.withUnsafeMutableBufferPointer { destinations in
                sourcePorts.withUnsafeMutableBufferPointer { sourcePorts in
                    destinationPorts.withUnsafeMutableBufferPointer { destinationPorts in
                        transports.withUnsafeMutableBufferPointer { transports in
                            var columns = clusterip_lines(
                                source: sources.baseAddress, destination: destinations.baseAddress,
                                source_port: sourcePorts.baseAddress, destination_port: destinationPorts.baseAddress,
                                transport: transports.baseAddress, room: sources.count, count: count)
                            return body(&columns)
                        }
                    }
                }
            }
        }
    }
}

extension clusterip_lines {
    /// Writes a flow into the columns; ports of protocols that are hashed without become 0.
    @inline(__always)
    fileprivate func put(_ flow: Flow, at index: Int) {
        let hasPorts = flow.transport.portsOffset != nil
        source?[index] = flow.source.number
        destination?[index] = flow.destination.number
        source_port?[index] = hasPorts ? flow.sourcePort : 0
        destination_port?[index] = hasPorts ? flow.destinationPort : 0
        transport?[index] = flow.transport.rawValue
    }
}
