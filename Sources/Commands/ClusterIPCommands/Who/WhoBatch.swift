import ClusterModel
import Responsibility

/// `clusterip who --batch`: many flows in, the same flows with bucket and owner out.
struct WhoBatch {
    let path: String
    let format: OutputFormat
    let offline: Placement?
    let cluster: ClusterOptions

    /// Reads, answers and prints everything; bad lines are named and left out.
    func run() throws(CommandError) -> ExitStatus {
        let bytes = try Files.bytes(path, what: "batch")
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated().lazy
            .map { (number: $0.offset + 1, bytes: $0.element.last == 13 ? $0.element.dropLast() : $0.element) }
            .filter { !$0.bytes.isEmpty }
        guard let first = lines.first else { throw CommandError("the batch \(path.madeSafe(limit: 200)) is empty") }
        let isJSON = first.bytes.first { $0 != 32 && $0 != 9 } == UInt8(ascii: "{")
        let header = isJSON ? nil : CSV.fields(Substring(decoding: Self.withoutMark(first.bytes), as: UTF8.self))
        let firstRow = isJSON ? BatchRow(json: first.bytes) : nil
        let columns = header ?? Self.columns(of: firstRow)
        if !isJSON { try Self.require(columns) }
        let snapshot = try liveSnapshot(columns)
        var writer = BatchWriter(
            format: format, columns: columns, base: offline ?? snapshot?.configuration.placement, snapshot: snapshot)
        for line in lines where isJSON || line.number != first.number {
            writer.take(isJSON ? BatchRow(json: line.bytes) : Self.row(line.bytes, columns), line: line.number)
        }
        writer.flush()
        return writer.badLines == 0 ? .done : .partly
    }

    private static func withoutMark(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.starts(with: [0xef, 0xbb, 0xbf]) ? line.dropFirst(3) : line
    }

    private static func columns(of row: BatchRow?) -> [String] {
        let known = BatchRow.placementColumns + BatchRow.flowColumns
        let others = (row?.fields.keys.sorted() ?? []).filter { !known.contains($0) }
        return known.filter { row?.fields[$0] != nil || BatchRow.flowColumns.contains($0) } + others
    }

    private static func require(_ columns: [String]) throws(CommandError) {
        for name in ["protocol", "source", "destination"] where !columns.contains(name) {
            throw CommandError(
                "the first line names no column \"\(name)\": a batch begins with a header such as "
                    + BatchRow.flowColumns.joined(separator: ","))
        }
    }

    private static func row(_ line: ArraySlice<UInt8>, _ columns: [String]) -> BatchRow? {
        guard let fields = CSV.fields(Substring(decoding: line, as: UTF8.self)), fields.count == columns.count else {
            return nil
        }
        return BatchRow(fields: Dictionary(zip(columns, fields), uniquingKeysWith: { first, _ in first }))
    }

    /// The cluster, unless the options or the columns say how flows are placed.
    private func liveSnapshot(_ columns: [String]) throws(CommandError) -> ClusterSnapshot? {
        if offline != nil || BatchRow.placementColumns.allSatisfy(columns.contains) { return nil }
        let connection = try ClusterConnection(cluster.load())
        defer { connection.close() }
        return try connection.settledSnapshot()
    }
}
