import ClusterModel
import Console
import Glibc

/// What a cluster's consoles saw happen, a line an event, in a file that is never the journal's.
///
/// Of several consoles of a cluster the one that came first writes: a lock that the kernel takes away with the program
/// says who. The file has a size that it never exceeds, and one older part.
final class TimelineFile {
    /// Bytes after which a new part is begun.
    private static let limit = 4 << 20
    /// The columns of a line.
    static let columns = ["time", "kind", "severity", "node", "buckets", "what"]

    /// The newest part; the one before it ends in ".1".
    let path: String
    private var descriptor: Int32?
    private var hasComplained = false

    /// The file at a path; nothing is opened or made yet.
    init(path: String) { self.path = path }

    deinit { if let descriptor { close(descriptor) } }

    /// Keeps events, unless another console of the cluster does.
    ///
    /// - Returns: one sentence when it cannot be done, the first time.
    func keep(_ records: [TimelineRecord]) -> String? {
        guard let descriptor = ready() else { return hasComplained ? nil : complaint() }
        guard descriptor >= 0 else { return nil }
        let text = records.map { CSV.line(Self.fields($0)) }.joined()
        guard CommandIO.offer(text, to: descriptor) == 0 else { return hasComplained ? nil : complaint() }
        return nil
    }

    /// The newest events of both parts, oldest first.
    static func read(_ path: String, last count: Int = .max) -> [TimelineRecord] {
        let parts = [path + ".1", path].map { path -> [Substring] in
            guard let size = Files.size(of: path), size <= limit * 2,
                let text = try? Files.text(path, what: "timeline")
            else { return [] }
            return text.split(separator: "\n")
        }
        return parts.joined().suffix(count).compactMap(record)
    }

    private static func record(_ line: Substring) -> TimelineRecord? {
        guard let fields = CSV.fields(line), fields.count == columns.count, fields[0] != columns[0] else { return nil }
        func field(_ index: Int) -> String? { fields[index].isEmpty ? nil : fields[index].madeSafe(limit: 2000) }
        guard let time = field(0), let kind = field(1), let what = field(5) else { return nil }
        return TimelineRecord(
            time: time, kind: kind, severity: field(2), node: field(3), buckets: field(4), what: what)
    }

    private static func fields(_ record: TimelineRecord) -> [String] {
        [
            record.time, record.kind, record.severity ?? "", record.node ?? "", record.buckets ?? "",
            record.what.madeSafe(limit: 2000),
        ]
    }

    private func complaint() -> String {
        hasComplained = true
        return "what happens is not kept: \(path) cannot be written"
    }

    /// The descriptor to write to; below 0 when another console writes, nil when nothing can be written.
    private func ready() -> Int32? {
        if let descriptor, Files.size(of: descriptor) ?? 0 < Self.limit { return descriptor }
        if let descriptor {
            rename(path, path + ".1")
            close(descriptor)
            self.descriptor = nil
        }
        guard let opened = StatePlace.open(path, O_WRONLY | O_APPEND) else { return nil }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            return -1
        }
        descriptor = opened
        if Files.size(of: opened) == 0 { CommandIO.offer(CSV.line(Self.columns), to: opened) }
        return opened
    }
}
