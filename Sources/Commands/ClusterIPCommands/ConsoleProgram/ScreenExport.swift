import ClusterModel
import Console
import Glibc
import Reactor

/// Writes what a screen shows into a file of the present directory.
struct ScreenExport {
    let content: Export
    let snapshot: ClusterSnapshot
    let format: ExportFormat

    /// Writes a new file, readable by its owner alone, and returns its path.
    func write(name: String) throws(CommandError) -> String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        var stamp = [CChar](repeating: 0, count: 32)
        strftime(&stamp, stamp.count, "%Y%m%dT%H%M%SZ", &parts)
        let text = String(decoding: stamp.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let path = "clusterip-\(name)-\(text).\(format == .text ? "txt" : format.rawValue)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandError(SystemError("write \(path)").description) }
        defer { close(descriptor) }
        let bytes = Array(try written().utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw CommandError(SystemError("write \(path)").description)
        }
        return path
    }

    private func written() throws(CommandError) -> String {
        do {
            switch (content, format) {
            case (.status, .csv):
                return CSV.line(StatusRow.columns) + StatusRow.rows(snapshot).map { CSV.line($0.fields) }.joined()
            case (.status, .json): return try JSONText.text(StatusReport(snapshot), pretty: true)
            case (.status, .text): return StatusTable(snapshot).text
            case (.findings, .text): return try FindingsReport(snapshot).text(.table)
            case (.table(let columns, let rows), .text):
                var table = TextTable(columns.map { ($0.uppercased(), .left) })
                for row in rows { table.add(row.map { $0 ?? "" }) }
                return table.text
            case (.findings, .csv): return try FindingsReport(snapshot).text(.csv)
            case (.findings, .json): return try FindingsReport(snapshot).text(.json)
            case (.table(let columns, let rows), .csv):
                return CSV.line(columns) + rows.map { CSV.line($0.map { $0 ?? "" }) }.joined()
            case (.table(let columns, let rows), .json):
                return try JSONText.text(rows.map { Dictionary(zip(columns, $0)) { $1 } }, pretty: true)
            }
        } catch { throw CommandError("\(error)") }
    }
}
