internal import CFlowLines
import Responsibility

/// An IPv4 flow as the columns hold it: numbers in host order.
struct FlowRow {
    var source: UInt32
    var destination: UInt32
    var sourcePort: UInt16
    var destinationPort: UInt16
    var transport: UInt8
}

extension FlowRow {
    /// The row of an IPv4 flow, with ports 0 where the protocol is hashed without ports; nil for any other flow.
    @inline(__always)
    init?(_ flow: Flow) {
        guard case .v4(let source) = flow.source, case .v4(let destination) = flow.destination else { return nil }
        let hasPorts = flow.transport.portsOffset != nil
        self.init(
            source: source.number, destination: destination.number, sourcePort: hasPorts ? flow.sourcePort : 0,
            destinationPort: hasPorts ? flow.destinationPort : 0, transport: flow.transport.rawValue)
    }
}

/// Room for flows in columns of one length, which is kept from block to block.
struct FlowRoom: Sendable {
    private(set) var sources: [UInt32] = []
    private(set) var destinations: [UInt32] = []
    private(set) var sourcePorts: [UInt16] = []
    private(set) var destinationPorts: [UInt16] = []
    private(set) var transports: [UInt8] = []
    /// The packets and bytes that lines count themselves, 0 where they do not; empty unless they are kept.
    private(set) var packets: [UInt64] = []
    private(set) var bytes: [UInt64] = []
    /// Whether what lines count is kept.
    let keepsCounts: Bool

    init(keepsCounts: Bool = false) { self.keepsCounts = keepsCounts }

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
        guard keepsCounts else { return }
        packets += repeatElement(0, count: added)
        bytes += repeatElement(0, count: added)
    }

    /// Puts a flow at an index where there is room.
    mutating func put(_ row: FlowRow, at index: Int) {
        precondition(index < size, "there is no room")
        withColumns(index) { $0.put(row, at: index) }
    }

    /// Puts the IPv4 flows of packets from an index on, where there is room for them; returns the indices of all others.
    mutating func put(_ packets: UnsafeBufferPointer<(flow: Flow, length: UInt32)>, from start: Int) -> [Int] {
        precondition(start + packets.count <= size, "there is no room")
        var others: [Int] = []
        withColumns(start) { columns in
            for index in packets.indices {
                guard let row = FlowRow(packets[index].flow) else {
                    others.append(index)
                    continue
                }
                columns.put(row, at: columns.count)
                columns.count &+= 1
            }
        }
        return others
    }

    /// Copies a flow to another index.
    mutating func move(from: Int, to: Int) {
        sources[to] = sources[from]
        destinations[to] = destinations[from]
        sourcePorts[to] = sourcePorts[from]
        destinationPorts[to] = destinationPorts[from]
        transports[to] = transports[from]
        guard keepsCounts else { return }
        packets[to] = packets[from]
        bytes[to] = bytes[from]
    }

    /// Puts what a line counts itself beside a flow that is there.
    mutating func put(packets: UInt64, bytes: UInt64, at index: Int) {
        guard keepsCounts else { return }
        self.packets[index] = packets
        self.bytes[index] = bytes
    }

    /// Calls `body` with the columns to write into, of which `count` flows are there.
    mutating func withColumns<Result>(_ count: Int, _ body: (inout clusterip_lines) -> Result) -> Result {
        sources.withUnsafeMutableBufferPointer { sources in
            destinations.withUnsafeMutableBufferPointer { destinations in
                sourcePorts.withUnsafeMutableBufferPointer { sourcePorts in
                    destinationPorts.withUnsafeMutableBufferPointer { destinationPorts in
                        transports.withUnsafeMutableBufferPointer { transports in
                            packets.withUnsafeMutableBufferPointer { packets in
                                bytes.withUnsafeMutableBufferPointer { bytes in
                                    var columns = clusterip_lines(
                                        source: sources.baseAddress, destination: destinations.baseAddress,
                                        source_port: sourcePorts.baseAddress,
                                        destination_port: destinationPorts.baseAddress,
                                        transport: transports.baseAddress,
                                        packets: keepsCounts ? packets.baseAddress : nil,
                                        bytes: keepsCounts ? bytes.baseAddress : nil, room: sources.count,
                                        count: count)
                                    return body(&columns)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

extension clusterip_lines {
    /// Writes a flow into the columns.
    @inline(__always)
    func put(_ row: FlowRow, at index: Int) {
        source?[index] = row.source
        destination?[index] = row.destination
        source_port?[index] = row.sourcePort
        destination_port?[index] = row.destinationPort
        transport?[index] = row.transport
        packets?[index] = 0
        bytes?[index] = 0
    }
}

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
