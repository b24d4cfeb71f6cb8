import Responsibility

/// A batch of CSV with a header line, or of JSON objects: the rows come out with all their columns.
///
/// A line among them that is neither but a flow in another form comes out with the columns of a flow.
struct RowBatch {
    private let isJSON: Bool
    private let columns: [String]
    private var writer: BatchWriter
    private var parser: FlowParser

    /// What was left out.
    var omissions: Omissions { writer.omissions }

    /// Whether a first line begins such a batch.
    static func begins(with line: ArraySlice<UInt8>) -> Bool {
        isJSON(line) || header(line).contains("source") && header(line).count > 1
    }

    /// A batch from its first line; `basis` is asked for when rows do not say how they are placed.
    init(
        first line: ArraySlice<UInt8>, format: OutputFormat, destination: IPAddress?,
        basis: (_ columns: [String]) throws(CommandError) -> WhoBasis
    ) throws(CommandError) {
        isJSON = Self.isJSON(line)
        columns = isJSON ? Self.columns(of: BatchRow(json: line)) : Self.header(line)
        if !isJSON { try Self.require(columns) }
        let basis = try basis(columns)
        parser = FlowParser(needing: basis.scheme?.ports ?? .both)
        writer = BatchWriter(format: format, columns: columns, basis: basis, destination: destination)
        if isJSON { take(line, number: 1) }
    }

    /// Answers one line.
    mutating func take(_ line: ArraySlice<UInt8>, number: Int) {
        guard !line.isEmpty else { return }
        if let row = isJSON ? BatchRow(json: line) : Self.row(line, columns) { return writer.take(row, line: number) }
        switch line.withUnsafeBytes({ parser.parse($0) }) {
        case .flow(let record): writer.take(BatchRow(record.flow), line: number)
        case .skipped: break
        case .error: writer.take(nil, line: number)
        }
    }

    /// Prints what is still held back.
    mutating func flush() { writer.flush() }

    private static func isJSON(_ line: ArraySlice<UInt8>) -> Bool {
        line.first { $0 != 32 && $0 != 9 } == UInt8(ascii: "{")
    }

    /// The names of a header line, without a byte order mark.
    private static func header(_ line: ArraySlice<UInt8>) -> [String] {
        let line = line.starts(with: [0xef, 0xbb, 0xbf]) ? line.dropFirst(3) : line
        return CSV.fields(Substring(decoding: line, as: UTF8.self)) ?? []
    }

    private static func columns(of row: BatchRow?) -> [String] {
        let known = BatchRow.placementColumns + BatchRow.flowColumns
        let others = (row?.fields.keys.sorted() ?? []).filter { !known.contains($0) }
        return known.filter { row?.fields[$0] != nil || BatchRow.flowColumns.contains($0) } + others
    }

    private static func require(_ columns: [String]) throws(CommandError) {
        for name in ["protocol", "source", "destination"] where !columns.contains(name) {
            throw CommandError(
                "the first line names no column \"\(name)\": a batch of CSV begins with a header such as "
                    + BatchRow.flowColumns.joined(separator: ","))
        }
    }

    private static func row(_ line: ArraySlice<UInt8>, _ columns: [String]) -> BatchRow? {
        guard let fields = CSV.fields(Substring(decoding: line, as: UTF8.self)), fields.count == columns.count else {
            return nil
        }
        return BatchRow(fields: Dictionary(zip(columns, fields), uniquingKeysWith: { first, _ in first }))
    }
}
