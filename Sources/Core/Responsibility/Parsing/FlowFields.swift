/// The fields of a line of CSV or NDJSON while they are collected.
struct FlowFields {
    private var transport: TransportProtocol?
    private var source: IPAddress?
    private var destination: IPAddress?
    private var sourcePort: UInt16?
    private var destinationPort: UInt16?
    private var extras = FlowRecord(
        flow: Flow(transport: .tcp, source: IPv4Address(number: 0), destination: IPv4Address(number: 0)), format: .csv)

    /// Takes the value of a field; an empty one counts as absent.
    mutating func set(_ field: FlowField, _ value: Bytes) throws(FlowLineError) {
        guard !value.isEmpty else { return }
        switch field {
        case .transport: transport = try Self.read(value.transport, value, .transport)
        case .source: source = try Self.read(value.address, value, .address)
        case .destination: destination = try Self.read(value.address, value, .address)
        case .sourcePort: sourcePort = try Self.read(value.port, value, .port)
        case .destinationPort: destinationPort = try Self.read(value.port, value, .port)
        case .hashMode: extras.hashMode = try Self.read(HashMode(rawValue: value.text), value, .hashMode)
        case .bucketCount: extras.bucketCount = try Self.read(value.word, value, .number(field: field.rawValue))
        case .seed: extras.seed = try Self.read(value.word, value, .number(field: field.rawValue))
        case .mark: extras.mark = try Self.read(value.word, value, .number(field: field.rawValue))
        case .bucket: extras.bucket = try Self.read(value.word, value, .number(field: field.rawValue))
        case .packets: extras.packets = try Self.read(value.decimal, value, .number(field: field.rawValue))
        case .bytes: extras.bytes = try Self.read(value.decimal, value, .number(field: field.rawValue))
        }
    }

    /// The record of the fields, which must have the ports that its own hash mode, or else the parser's scheme, hashes;
    /// `line` is for errors.
    func record(
        _ format: FlowLineFormat, _ line: Bytes, needing ports: HashedPorts
    ) throws(FlowLineError) -> FlowRecord {
        guard let transport else { throw FlowLineError(.missing(field: "protocol"), line) }
        guard let source else { throw FlowLineError(.missing(field: "source"), line) }
        guard let destination else { throw FlowLineError(.missing(field: "destination"), line) }
        var record = extras
        record.format = format
        record.flow = try Flow(
            transport: transport, from: (source, sourcePort), to: (destination, destinationPort), line: line,
            needing: extras.hashMode?.ports ?? ports)
        return record
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

/// The fields of a flow in CSV and NDJSON, by their names there.
enum FlowField: String, CaseIterable {
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

    /// The fields that a header or an object must have.
    static let required: [Self] = [.transport, .source, .destination]

    init?(_ name: Bytes) {
        guard name.count <= 16 else { return nil }
        self.init(rawValue: name.text)
    }
}
