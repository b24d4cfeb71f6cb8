/// Flows read from text in columns, in the order of their lines, ready for `Placement.place`.
public struct FlowBatch: Sendable {
    /// The source addresses of the IPv4 flows, as numbers in host order.
    public internal(set) var sources: [UInt32] = []
    /// Their source ports; 0 where the protocol is hashed without ports.
    public internal(set) var sourcePorts: [UInt16] = []
    /// Their destination addresses, as numbers in host order.
    public internal(set) var destinations: [UInt32] = []
    /// Their destination ports; 0 where the protocol is hashed without ports.
    public internal(set) var destinationPorts: [UInt16] = []
    /// Their protocols' numbers.
    public internal(set) var transports: [UInt8] = []
    /// The lengths of captured packets in bytes, IP header included; empty for flows from text.
    public private(set) var lengths: [UInt32] = []
    /// The number of the line each came from, the first line being 1.
    public internal(set) var lines: [Int] = []
    /// The records of those flows whose lines say more than the flow, by index into the columns.
    public internal(set) var details: [Int: FlowRecord] = [:]
    /// What is no IPv4 flow: IPv6 flows, skipped lines other than blank ones, errors.
    public internal(set) var others: [(line: Int, content: FlowLine)] = []
    /// How many lines have been read, over all blocks.
    public internal(set) var lineCount = 0

    /// An empty batch.
    public init() {}

    /// How many IPv4 flows there are.
    public var count: Int { sources.count }

    /// The flow at an index.
    public subscript(index: Int) -> Flow {
        Flow(
            transport: TransportProtocol(rawValue: transports[index]), source: IPv4Address(number: sources[index]),
            sourcePort: sourcePorts[index], destination: IPv4Address(number: destinations[index]),
            destinationPort: destinationPorts[index])
    }

    /// Empties the batch for the next block, keeping its memory and the count of lines.
    public mutating func removeAll() {
        sources.removeAll(keepingCapacity: true)
        sourcePorts.removeAll(keepingCapacity: true)
        destinations.removeAll(keepingCapacity: true)
        destinationPorts.removeAll(keepingCapacity: true)
        transports.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        details.removeAll(keepingCapacity: true)
        others.removeAll(keepingCapacity: true)
    }

    /// Takes captured packets with their lengths in bytes; their numbers count as their lines.
    ///
    /// Fill a batch either with
    /// packets or with lines.
    public mutating func append(packets: UnsafeBufferPointer<(flow: Flow, length: UInt32)>) {
        guard !packets.isEmpty else { return }
        sources.append(contentsOf: packets.lazy.map(\.flow.source.number))
        sourcePorts.append(contentsOf: packets.lazy.map(\.flow.sourcePort))
        destinations.append(contentsOf: packets.lazy.map(\.flow.destination.number))
        destinationPorts.append(contentsOf: packets.lazy.map(\.flow.destinationPort))
        transports.append(contentsOf: packets.lazy.map(\.flow.transport.rawValue))
        lengths.append(contentsOf: packets.lazy.map(\.length))
        lines.append(contentsOf: lineCount + 1...lineCount + packets.count)
        lineCount += packets.count
    }

    /// Takes a captured IPv6 packet of this many bytes, which comes to `others`.
    public mutating func append(packet flow: IPFlow, length: UInt32) {
        lineCount &+= 1
        var record = FlowRecord(flow: flow, format: .tcpdump)
        (record.packets, record.bytes) = (1, UInt64(length))
        others.append((lineCount, .flow(record)))
    }

    /// Takes a line's content.
    mutating func append(_ content: FlowLine) {
        if content == .skipped(.blank) { return }
        guard case .flow(let record) = content, let flow = record.flow.v4 else {
            others.append((lineCount, content))
            return
        }
        if record != FlowRecord(flow: record.flow, format: record.format) { details[count] = record }
        append(flow)
    }

    /// Takes a flow of the current line.
    private mutating func append(_ flow: Flow) {
        let hasPorts = flow.transport.portsOffset != nil
        sources.append(flow.source.number)
        sourcePorts.append(hasPorts ? flow.sourcePort : 0)
        destinations.append(flow.destination.number)
        destinationPorts.append(hasPorts ? flow.destinationPort : 0)
        transports.append(flow.transport.rawValue)
        lines.append(lineCount)
    }

    /// Takes as many lines as go the quick way, from an offset on; returns the offset of the first other line.
    mutating func appendFastLines(of block: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        let size = 256
        withUnsafeTemporaryAllocation(of: Flow.self, capacity: size) { flows in
            var count = 0
            repeat {
                count = 0
                while count < size, block.count - offset >= FastLine.reach,
                    let (flow, length) = FastLine.read(block, at: offset)
                {
                    flows.initializeElement(at: count, to: flow)
                    count += 1
                    offset += length
                }
                append(UnsafeBufferPointer(rebasing: flows[..<count]))
            } while count == size
        }
        return offset
    }

    /// Takes flows with ports, each from one line.
    private mutating func append(_ flows: UnsafeBufferPointer<Flow>) {
        guard !flows.isEmpty else { return }
        sources.append(contentsOf: flows.lazy.map(\.source.number))
        sourcePorts.append(contentsOf: flows.lazy.map(\.sourcePort))
        destinations.append(contentsOf: flows.lazy.map(\.destination.number))
        destinationPorts.append(contentsOf: flows.lazy.map(\.destinationPort))
        transports.append(contentsOf: flows.lazy.map(\.transport.rawValue))
        lines.append(contentsOf: lineCount + 1...lineCount + flows.count)
        lineCount += flows.count
    }
}
