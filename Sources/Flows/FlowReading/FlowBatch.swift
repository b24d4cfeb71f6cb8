import Responsibility

/// Flows read from text or captures in columns, in the order of their lines, ready for `Placement.place`.
///
/// The columns hold the IPv4 flows alone, index by index; numbers are in host order. Nothing is thrown: what could not be
/// read is an error among `others`. Source: this library.
public struct FlowBatch: Sendable {
    /// The columns; only the first `count` places are flows.
    var room: FlowRoom
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
    /// Whether the batch remembers where in the block rows and objects stand, so that they can be written as they are.
    public let keepsRows: Bool
    /// Where the rows of the IPv4 flows stand, by index into the columns; shorter when the last ones are no rows, and empty
    /// unless `keepsRows`.
    public internal(set) var rows: [RowPlace] = []
    /// The same of what is in `others`.
    public internal(set) var otherRows: [RowPlace] = []
    /// The layouts of the rows, which `RowPlace.layout` counts.
    public internal(set) var layouts: [RowLayout] = []
    /// Which of its parser's layouts the last one is.
    private var lastLayout = 0
    /// Whether all that lines say beside the flow is kept in `details`; else what they count is in columns, marks and others'
    /// buckets are left out, and more lines go a quicker way.
    public let keepsMarks: Bool

    /// An empty batch; one that `keepsRows` remembers where they stand, and one that does not keep marks reads faster.
    public init(keepsRows: Bool = false, keepsMarks: Bool = true) {
        self.keepsRows = keepsRows
        self.keepsMarks = keepsMarks
        room = FlowRoom(keepsCounts: !keepsMarks)
    }

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
        otherRows.removeAll(keepingCapacity: true)
        if layouts.count > 1 { layouts.removeFirst(layouts.count - 1) }
    }

    /// Forgets the IPv4 flows.
    mutating func removeColumns() {
        count = 0
        lengths.removeAll(keepingCapacity: true)
        lines.removeAll()
        details.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
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

    /// Takes a line's content, which is a row if it says where in the block it stands, of the parser's layout unless it
    /// is an object.
    mutating func append(_ content: FlowLine, from row: Range<Int>? = nil, in parser: FlowParser? = nil) {
        if content == .skipped(.blank) { return }
        let place = keepsRows ? row.map { self.place($0, content, parser) } ?? RowPlace.none : .none
        guard case .flow(let record) = content, let flow = FlowRow(record.flow) else {
            others.append((lineCount, content))
            if keepsRows { otherRows.append(place) }
            return
        }
        room.grow(to: count + 1)
        room.put(flow, at: count)
        let kept = keepsMarks ? record : brief(record)
        if kept != FlowRecord(flow: record.flow, format: record.format) { details[count] = kept }
        if keepsRows, row != nil {
            while rows.count < count { rows.append(.none) }
            rows.append(place)
        }
        count += 1
        lines.append(lineCount)
    }

    /// A record without what goes into columns, or does not matter.
    private mutating func brief(_ record: FlowRecord) -> FlowRecord {
        room.put(packets: record.packets ?? 0, bytes: record.bytes ?? 0, at: count)
        var brief = record
        (brief.mark, brief.bucket, brief.packets, brief.bytes) = (nil, nil, nil, nil)
        if !keepsRows { brief.hasDestination = true }
        return brief
    }

    private mutating func place(_ row: Range<Int>, _ content: FlowLine, _ parser: FlowParser?) -> RowPlace {
        var number = -1
        if case .flow(let record) = content, record.format == .csv, let parser {
            number = self.number(ofLayoutIn: parser)
        }
        return RowPlace(start: row.lowerBound, end: row.upperBound, layout: number)
    }
}

extension FlowBatch {
    /// The number of a parser's layout among `layouts`.
    mutating func number(ofLayoutIn parser: FlowParser) -> Int {
        if lastLayout != parser.layoutCount, let layout = parser.layout {
            layouts.append(layout)
            lastLayout = parser.layoutCount
        }
        return layouts.count - 1
    }
}

/// Where in its block a row of a table, or an object, stands that a flow was read from.
public struct RowPlace: Hashable, Sendable {
    /// Its first byte, and the one behind its last; equal for a flow that is no row.
    public var start: Int
    /// The byte behind its last.
    public var end: Int
    /// The batch's layout that it has; -1 for an object of JSON.
    public var layout: Int

    /// No row.
    public static let none = RowPlace(start: 0, end: 0, layout: -1)
}

extension FlowBatch {
    /// Removes the flows, of either family, that go to another address than this; returns how many those were.
    ///
    /// Skipped lines and errors stay. The order of the rest stays, with its line numbers; indices change.
    public mutating func removeFlows(notTo address: IPAddress) -> Int {
        let (old, oldRows) = (others, otherRows)
        others.removeAll(keepingCapacity: true)
        otherRows.removeAll(keepingCapacity: true)
        for (index, other) in old.enumerated() {
            if case .flow(let record) = other.content, record.flow.destination != address { continue }
            others.append(other)
            if index < oldRows.count { otherRows.append(oldRows[index]) }
        }
        return old.count - others.count + removeColumns(notTo: address)
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
        let (old, oldLines, oldDetails, oldLengths, oldRows) = (count, lines, details, lengths, rows)
        removeColumns()
        for index in 0..<old where !isLeaving(index) {
            if let record = oldDetails[index] { details[count] = record }
            if index < oldLengths.count { lengths.append(oldLengths[index]) }
            if index < oldRows.count { rows.append(oldRows[index]) }
            lines.append(oldLines[index])
            room.move(from: index, to: count)
            count += 1
        }
        return old - count
    }
}
