import ClusterModel
import FoundationEssentials
import Glibc
import Responsibility

/// Answers rows and prints them in blocks.
struct BatchWriter {
    private let format: OutputFormat
    private let columns: [String]
    private let basis: WhoBasis
    private let destination: IPAddress?
    private let isOnTerminal = isatty(STDOUT_FILENO) == 1
    private var output: String

    /// What was left out.
    private(set) var omissions = Omissions()

    /// Begins with the header; only flows to the destination are printed, nil: all.
    init(format: OutputFormat, columns: [String], basis: WhoBasis, destination: IPAddress?) {
        self.format = format
        self.destination = destination
        self.columns = columns
        self.basis = basis
        output = format.isCSV ? CSV.line(columns + ["bucket"] + (basis.owners == nil ? [] : ["owner"]), format) : ""
    }

    /// Answers one row; nil is a line that could not even be cut into fields.
    mutating func take(_ row: BatchRow?, line: Int) {
        guard let row else { return complain(line, "it does not have the \(columns.count) fields of the header") }
        do throws(CommandError) {
            let scheme = try row.scheme(default: basis.scheme)
            let flow = try row.flow(needing: scheme.ports)
            if let destination, flow.destination != destination {
                omissions.otherDestination += 1
                return
            }
            let bucket: Int
            do { bucket = try scheme.bucket(of: flow) } catch {
                omissions.unplaced[error.description, default: 0] += 1
                return
            }
            print(row, bucket, basis.owner(of: bucket, in: scheme) ?? "")
        } catch {
            complain(line, error.description)
        }
        if output.utf8.count > 1 << 18 { flush() }
    }

    /// Prints what is still held back.
    mutating func flush() {
        CommandIO.print(output)
        output = ""
    }

    private mutating func print(_ row: BatchRow, _ bucket: Int, _ owner: String) {
        if format.isCSV {
            let answer = [String(bucket)] + (basis.owners == nil ? [] : [owner])
            output += CSV.line(columns.map { shown(row.fields[$0] ?? "") } + answer, format)
            return
        }
        var members = columns.filter { $0 != "bucket" && $0 != "owner" }
            .map { "\(JSONText.quoted($0)):\(Self.value(row.fields[$0] ?? ""))" }
        members.append("\"bucket\":\(bucket)")
        if basis.owners != nil { members.append("\"owner\":\(owner.isEmpty ? "null" : JSONText.quoted(owner))") }
        output += "{" + members.joined(separator: ",") + "}\n"
    }

    private mutating func complain(_ line: Int, _ what: String) {
        if omissions.bad.namesNext { flush() }
        omissions.bad.add(line, what)
    }

    /// A field as it was read; on a terminal without what could command it.
    private func shown(_ field: String) -> String { isOnTerminal ? field.madeSafe(limit: .max) : field }

    /// A number stays a number.
    private static func value(_ text: String) -> String {
        guard let number = UInt64(text), String(number) == text else { return JSONText.quoted(text) }
        return text
    }
}

/// Cuts blocks into lines with their numbers.
struct BatchLines {
    /// The number of the last line.
    private(set) var count = 0

    /// Hands each whole line of a block to `body`, without its line break; returns how many bytes were taken.
    mutating func take(
        _ block: UnsafeRawBufferPointer, isLast: Bool,
        _ body: (ArraySlice<UInt8>, _ number: Int) throws(CommandError) -> Void
    ) throws(CommandError) -> Int {
        var start = 0
        while start < block.count {
            let rest = block[start...]
            guard let end = rest.firstIndex(of: 10) ?? (isLast ? block.count : nil) else { break }
            count += 1
            let line = Array(block[start..<end])[...]
            try body(line.last == 13 ? line.dropLast() : line, count)
            start = min(end + 1, block.count)
        }
        return start
    }
}

/// One line of a batch: its fields by column.
struct BatchRow {
    /// The columns that describe a flow.
    static let flowColumns = ["protocol", "source", "source_port", "destination", "destination_port"]
    /// The columns that describe how it is placed.
    static let placementColumns = ["hash_mode", "total_nodes", "hash_init"]

    /// The fields, text as it was written.
    var fields: [String: String]

    /// The flow of the row, whose protocol's ports must be there if they are hashed.
    ///
    /// - Throws: `CommandError` that names the field that is wrong.
    func flow(needing ports: HashedPorts) throws(CommandError) -> Flow {
        func need(_ name: String) throws(CommandError) -> String {
            guard let text = fields[name], !text.isEmpty else { throw CommandError("\(name) is missing") }
            return text
        }
        let transport = try FlowText.transport(try need("protocol"))
        if transport.portsOffset != nil {
            if ports.contains(.source) { _ = try need("source_port") }
            if ports.contains(.destination) { _ = try need("destination_port") }
        }
        let source = try FlowText.address(try need("source"), "source")
        let sourcePort = try FlowText.port(fields["source_port"] ?? "", "source")
        let destination = try FlowText.address(try need("destination"), "destination")
        let destinationPort = try FlowText.port(fields["destination_port"] ?? "", "destination")
        return try FlowText.flow(transport, (source, sourcePort), (destination, destinationPort))
    }

    /// The arithmetic of the row: its own fields, and for those it does not have the default's.
    func scheme(default base: HashScheme?) throws(CommandError) -> HashScheme {
        let own = Self.placementColumns.map { name in fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        let parts = SchemeParts(hashmode: own[0], totalNodes: own[1], hashInit: own[2])
        guard let base else {
            guard own.allSatisfy({ $0 != nil }) else {
                throw CommandError("the row does not say hash_mode, total_nodes and hash_init, and no cluster is asked")
            }
            return try parts.value(over: .clusterIP(Placement(mode: .sourceIP, bucketCount: 1, seed: 0)))
        }
        return parts.isGiven ? try parts.value(over: base) : base
    }

    /// The row of a JSON object; nil when the line is none.
    init?(json line: some Sequence<UInt8>) {
        guard let values = try? JSONDecoder().decode([String: JSONScalar].self, from: Data(line)) else { return nil }
        fields = values.mapValues(\.text)
    }

    init(fields: [String: String]) { self.fields = fields }

    /// The row of a flow alone.
    init(_ flow: Flow) {
        fields = [
            "protocol": "\(flow.transport)", "source": "\(flow.source)", "source_port": "\(flow.sourcePort)",
            "destination": "\(flow.destination)", "destination_port": "\(flow.destinationPort)",
        ]
    }
}
