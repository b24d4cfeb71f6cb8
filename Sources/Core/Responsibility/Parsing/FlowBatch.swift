/// Flows read from text or captures in columns, in the order of their lines, ready for `Placement.place`.
///
/// The columns hold the IPv4 flows alone, index by index; numbers are in host order. Nothing is thrown: what could not be
/// read is an error among `others`. Source: this library.
public struct FlowBatch: Sendable {
    /// The columns; only the first `count` places are flows.
    var room = FlowRoom()
    /// How many IPv4 flows there are: the length of every column.
    public internal(set) var count = 0
    /// The lengths of captured packets in bytes, by index into the columns: the whole IP packet, its header included and
    /// the link layer's not; empty for flows from text.
    public internal(set) var lengths: [UInt32] = []
    /// The number of the line that each IPv4 flow came from, by index into the columns; the first line, or packet, of
    /// the input is 1.
    public internal(set) var lines = LineNumbers()
    /// The records of those flows whose lines say more than the flow, by index into the columns.
    public internal(set) var details: [Int: FlowRecord] = [:]
    /// What is no IPv4 flow, with the number of its line: IPv6 flows, skipped lines other than blank ones, errors.
    public internal(set) var others: [(line: Int, content: FlowLine)] = []
    /// How many lines, or packets, have been read, blank ones included, over all blocks.
    public internal(set) var lineCount = 0

    /// An empty batch.
    public init() {}

    /// The source addresses of the IPv4 flows, as numbers in host order; indices begin at 0.
    public var sources: ArraySlice<UInt32> { room.sources[..<count] }
    /// Their source ports, as numbers in host order.
    ///
    /// 0 where the protocol is hashed without ports, and where the line had none and none was needed; of ESP and AH the
    /// upper 16 bits of the SPI.
    public var sourcePorts: ArraySlice<UInt16> { room.sourcePorts[..<count] }
    /// Their destination addresses, as numbers in host order; indices begin at 0.
    public var destinations: ArraySlice<UInt32> { room.destinations[..<count] }
    /// Their destination ports, as numbers in host order.
    ///
    /// 0 as for `sourcePorts`; of ESP and AH the lower 16 bits of the SPI.
    public var destinationPorts: ArraySlice<UInt16> { room.destinationPorts[..<count] }
    /// Their protocols' numbers in the IP header (IANA, RFC 5237).
    public var transports: ArraySlice<UInt8> { room.transports[..<count] }

    /// The flow at an index, 0…`count` − 1; any other index ends the program.
    public subscript(index: Int) -> Flow {
        precondition(index < count, "there is no such flow")
        return Flow(
            transport: TransportProtocol(rawValue: room.transports[index]),
            source: IPv4Address(number: room.sources[index]), sourcePort: room.sourcePorts[index],
            destination: IPv4Address(number: room.destinations[index]), destinationPort: room.destinationPorts[index])
    }

    /// Empties the batch for the next block, keeping its memory and the count of lines.
    public mutating func removeAll() {
        removeColumns()
        others.removeAll(keepingCapacity: true)
    }

    /// Forgets the IPv4 flows.
    mutating func removeColumns() {
        count = 0
        lengths.removeAll(keepingCapacity: true)
        lines.removeAll()
        details.removeAll(keepingCapacity: true)
    }

    /// Takes captured packets with their lengths in bytes, as `lengths` has them; their numbers count as their lines.
    ///
    /// IPv6 packets come to `others`, each as a record of one packet. Fill a batch either with packets or with lines.
    public mutating func append(packets: UnsafeBufferPointer<(flow: Flow, length: UInt32)>) {
        room.grow(to: count + packets.count)
        let strangers = room.put(packets, from: count)
        count += packets.count - strangers.count
        var next = 0
        lengths.reserveCapacity(lengths.count + packets.count)
        for index in strangers + [packets.count] {
            lines.append(lineCount + 1 + next, count: index - next)
            for packet in packets[next..<index] { lengths.append(packet.length) }
            if index < packets.count { append(strange: packets[index], line: lineCount + 1 + index) }
            next = index + 1
        }
        lineCount += packets.count
    }

    private mutating func append(strange packet: (flow: Flow, length: UInt32), line: Int) {
        var record = FlowRecord(flow: packet.flow, format: .tcpdump)
        (record.packets, record.bytes) = (1, UInt64(packet.length))
        others.append((line, .flow(record)))
    }

    /// Takes a line's content.
    mutating func append(_ content: FlowLine) {
        if content == .skipped(.blank) { return }
        guard case .flow(let record) = content, let row = FlowRow(record.flow) else {
            others.append((lineCount, content))
            return
        }
        if record != FlowRecord(flow: record.flow, format: record.format) { details[count] = record }
        room.grow(to: count + 1)
        room.put(row, at: count)
        count += 1
        lines.append(lineCount)
    }
}

extension FlowBatch {
    /// Removes the flows, of either family, that go to another address than this; returns how many those were.
    ///
    /// Skipped lines and errors stay. The order of the rest stays, with its line numbers; indices change.
    public mutating func removeFlows(notTo address: IPAddress) -> Int {
        let strangers = others.count
        others.removeAll { other in
            guard case .flow(let record) = other.content else { return false }
            return record.flow.destination != address
        }
        return strangers - others.count + removeColumns(notTo: address)
    }

    private mutating func removeColumns(notTo address: IPAddress) -> Int {
        guard let number = address.v4?.number else { return removeColumns { _ in true } }
        guard destinations.contains(where: { $0 != number }) else { return 0 }
        let destinations = room.destinations
        return removeColumns { destinations[$0] != number }
    }

    /// Removes the IPv4 flows at some indices; returns how many those were.
    ///
    /// `isLeaving` is asked for each index once, in order, about the batch as it was.
    mutating func removeColumns(where isLeaving: (Int) -> Bool) -> Int {
        let (old, oldLines, oldDetails, oldLengths) = (count, lines, details, lengths)
        removeColumns()
        for index in 0..<old where !isLeaving(index) {
            if let record = oldDetails[index] { details[count] = record }
            if index < oldLengths.count { lengths.append(oldLengths[index]) }
            lines.append(oldLines[index])
            room.move(from: index, to: count)
            count += 1
        }
        return old - count
    }
}
