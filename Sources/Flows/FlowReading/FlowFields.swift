import Responsibility

/// The fields of a row or an object while they are collected: of several values of one field the best.
struct FlowFields {
    /// The values, empty ones left out, by field, each with its rank.
    private var values: (Bytes?, Bytes?, Bytes?, Bytes?, Bytes?) = (nil, nil, nil, nil, nil)
    private var ranks: (Int, Int, Int, Int, Int) = (.max, .max, .max, .max, .max)
    private var others: [(field: FlowField, value: Bytes)] = []
    /// The protocol that a column's name implies, if it has a value.
    private var implied: TransportProtocol?
    /// Whether the packet is a fragment.
    private var isFragment = false

    /// Offers the value of a field; an empty one counts as absent, and of two the one of lower rank counts.
    @inline(__always)
    mutating func offer(_ value: Bytes, _ field: FlowField, rank: Int, implying transport: TransportProtocol? = nil) {
        guard !value.isEmpty, !value.equals("-") else { return }
        if let transport, implied == nil { implied = transport }
        switch field {
        case .transport: Self.take(value, rank, &values.0, &ranks.0)
        case .source: Self.take(value, rank, &values.1, &ranks.1)
        case .sourcePort: Self.take(value, rank, &values.2, &ranks.2)
        case .destination: Self.take(value, rank, &values.3, &ranks.3)
        case .destinationPort: Self.take(value, rank, &values.4, &ranks.4)
        case .fragment: isFragment = isFragment || !value.isNothing
        default: others.append((field, value))
        }
    }

    @inline(__always)
    private static func take(_ value: Bytes, _ rank: Int, _ place: inout Bytes?, _ best: inout Int) {
        guard rank < best else { return }
        // Of several values, as tshark prints them of a packet in a packet, the first is the outermost.
        (place, best) = (value.position(of: UInt8(ascii: ",")).map { value.part(0, $0) } ?? value, rank)
    }

    /// Whether nothing is said of a flow.
    var isEmpty: Bool { values.0 == nil && values.1 == nil && values.2 == nil && values.3 == nil && values.4 == nil }

    /// Whether it is a fragment without its ports, which another one has.
    var isPart: Bool { isFragment && values.2 == nil && values.4 == nil }

    /// Whether there is a source.
    var hasSource: Bool { values.1 != nil }

    /// The record of the fields, which must have the ports that its own hash mode, or else the parser's scheme, hashes;
    /// `line` is for errors.
    func record(
        _ format: FlowLineFormat, _ line: Bytes, needs: FlowNeeds
    ) throws(FlowLineError) -> FlowRecord {
        var needs = needs
        for (field, value) in others where field == .hashMode {
            needs.ports = try Self.read(HashMode(rawValue: value.text), value, .hashMode).ports
        }
        let named = try values.0.map { (value) throws(FlowLineError) in
            try Self.read(value.transport, value, .transport)
        }
        guard let transport = named ?? implied else { throw FlowLineError(.missing(field: "protocol"), line) }
        guard let source = values.1 else { throw FlowLineError(.missing(field: "source"), line) }
        let ports = try (Self.port(values.2, transport), Self.port(values.4, transport))
        let destination = try values.3.map { (value) throws(FlowLineError) in
            try Self.read(value.address, value, .address)
        }
        let from = try Self.read(source.address, source, .address)
        var record = try FlowRecord(
            transport, from: (from, ports.0), to: (destination, ports.1), format: format, needs: needs, line: line)
        for (field, value) in others { try Self.set(field, value, &record) }
        return record
    }

    /// What the line is: a flow, a fragment without its ports, or no packet of IP when nothing is said of one.
    func content(_ format: FlowLineFormat, _ line: Bytes, needs: FlowNeeds) throws(FlowLineError) -> FlowLine {
        if isEmpty { return .skipped(.notIP) }
        return isPart ? .skipped(.fragment) : .flow(try record(format, line, needs: needs))
    }

    private static func set(_ field: FlowField, _ value: Bytes, _ record: inout FlowRecord) throws(FlowLineError) {
        let problem = FlowLineError.Problem.number(field: field.rawValue)
        switch field {
        case .hashMode: record.hashMode = HashMode(rawValue: value.text)
        case .bucketCount: record.bucketCount = try read(NumberText.parse(value.text), value, problem)
        case .seed: record.seed = try read(NumberText.parse(value.text), value, problem)
        case .mark: record.mark = try read(value.word, value, problem)
        case .bucket: record.bucket = value.word
        case .packets: record.packets = value.decimal
        case .bytes: record.bytes = value.decimal
        default: break
        }
    }

    /// A port; of a protocol that has none it does not matter what stands there, as a type of ICMP.
    private static func port(_ value: Bytes?, _ transport: TransportProtocol) throws(FlowLineError) -> UInt16? {
        guard let value, transport.portsOffset != nil else { return nil }
        if let port = value.port { return port }
        throw FlowLineError(value.isName ? .name : .port, value)
    }

    private static func read<Value>(
        _ value: Value?, _ bytes: Bytes, _ problem: FlowLineError.Problem
    ) throws(FlowLineError) -> Value {
        guard let value else { throw FlowLineError(problem, bytes) }
        return value
    }
}

extension Flow {
    /// A flow from two ends whose ports may be missing; those that are hashed must be there when the protocol has
    /// ports, because a flow hashed without them would be placed wrongly.
    init(
        transport: TransportProtocol, from source: (address: IPAddress, port: UInt16?),
        to destination: (address: IPAddress, port: UInt16?), line: Bytes, needing ports: HashedPorts = .both
    ) throws(FlowLineError) {
        switch (source.address, destination.address) {
        case (.v4, .v4), (.v6, .v6): break
        default: throw FlowLineError(.mixedFamilies, line)
        }
        if transport.portsOffset != nil,
            source.port == nil && ports.contains(.source) || destination.port == nil && ports.contains(.destination)
        {
            throw FlowLineError(.portsMissing, line)
        }
        self.init(
            transport: transport, source: source.address, sourcePort: source.port ?? 0,
            destination: destination.address, destinationPort: destination.port ?? 0)
    }
}

/// The fields of a flow in CSV and NDJSON, by their own names there.
enum FlowField: String, CaseIterable, Sendable {
    case transport = "protocol"
    case source
    case sourcePort = "source_port"
    case destination
    case destinationPort = "destination_port"
    case hashMode = "hash_mode"
    case bucketCount = "total_nodes"
    case seed = "hash_init"
    case mark
    case packets
    case bytes
    case bucket
    case fragment = "fragment_offset"
}

extension UnsafeRawBufferPointer {
    /// Whether it is zero or false, however it is written.
    fileprivate var isNothing: Bool {
        equals("false") || equals("False") || allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "x") }
    }
}
