import ClusterModel
import Console
import Glibc
import Reactor

/// Writes what the console knows into a file of the present directory.
struct SnapshotExport {
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
        let path = "clusterip-\(name)-\(text).\(format.rawValue)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandError(SystemError("write \(path)").description) }
        defer { close(descriptor) }
        let bytes = Array(try content().utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw CommandError(SystemError("write \(path)").description)
        }
        return path
    }

    private func content() throws(CommandError) -> String {
        switch format {
        case .csv:
            return CSV.line(StatusRow.columns) + StatusRow.rows(snapshot).map { CSV.line($0.fields) }.joined()
        case .json:
            do { return try JSONText.text(StatusReport(snapshot), pretty: true) } catch {
                throw CommandError("\(error)")
            }
        }
    }
}
