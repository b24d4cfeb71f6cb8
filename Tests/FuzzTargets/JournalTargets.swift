import ClusterModel
import GRDB
import Glibc
import Journal
import Planning
import Wording

extension FuzzTarget {
    /// A journal's file as anybody may have written it.
    static let journalFile = FuzzTarget("journal-file", "a journal's database file", limit: 65_536) { bytes in
        Workplace.write(bytes)
        read(Workplace.path)
    }

    /// A journal that is a sound database, whose cells hold what the fuzzer wants: the texts between zero bytes, column after
    /// column of an operation and of its step.
    static let journalCells = FuzzTarget("journal-cells", "the texts in a journal's rows") { bytes in
        let cells = bytes.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        Workplace.write(Workplace.example)
        do {
            var settings = Configuration()
            settings.foreignKeysEnabled = false
            let queue = try DatabaseQueue(path: Workplace.path, configuration: settings)
            try queue.write { database in
                for (place, cell) in zip(Workplace.columns, cells) where !cell.isEmpty {
                    try database.execute(sql: "UPDATE \(place.table) SET \(place.column) = ?", arguments: [cell])
                }
            }
            try queue.close()
        } catch { return }  // A cell that the table does not take.
        read(Workplace.path)
    }

    private static func read(_ path: String) {
        let journal = Journal(path: path)
        do throws(JournalError) {
            let entries = try journal.history()
            for entry in entries {
                for text in [entry.id, entry.cluster, entry.title, entry.started, entry.time] + entry.details {
                    requireSafe(text)
                }
                for step in entry.steps { requireSafe(step.sentence) }
                if let plan = entry.plan { for text in [plan.title] + plan.impactSentences { requireSafe(text) } }
                _ = try journal.operation(entry.id)
            }
            _ = try journal.operations()
            _ = try journal.cutOff()
        } catch { requireSafe(error.description) }
    }
}

/// A directory in memory for one journal, this process's own.
private enum Workplace {
    /// The columns that hold texts, in the order in which cells are put into them.
    static let columns: [(table: String, column: String)] =
        [
            "plan", "id", "cluster", "user", "host", "sudo_user", "started", "reason", "title", "settles", "outcome",
            "ended",
        ]
        .map { ("operation", $0) }
        + ["request", "node", "purpose", "part", "intended", "concluded", "state", "reason"].map { ("step", $0) }

    static let directory: String = {
        let path = "/dev/shm/clusterip-fuzz-\(getpid())"
        require(mkdir(path, 0o700) == 0 || errno == EEXIST, "no room for a journal")
        atexit {
            _ = Workplace.clear(); rmdir(Workplace.directory)
        }
        return path
    }()

    static var path: String { directory + "/journal.sqlite" }

    /// The file of a journal with one operation and its steps.
    static let example: [UInt8] = {
        // In a place of its own: another target may be at work.
        let path = directory + "/example.sqlite"
        defer { for ending in ["", "-wal", "-shm", ".lock"] { unlink(path + ending) } }
        let plan = Plan(
            .requested(.move([1], to: "node2", mode: .graceful)),
            .moves([Move(bucket: 1, from: "node1", to: "node2")], .graceful), address: Fixtures.address,
            operation: "op-1", before: ["node1": Ownership(owned: [1]), "node2": Ownership()])
        let steps = plan.steps.enumerated().map { JournalStep(position: $0.offset, $0.element, .done) }
        do {
            let journal = Journal(path: path)
            try journal.begin(plan, steps: steps, cluster: "web")
            try journal.end("op-1", .done, steps: steps)
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            try queue.close()
        } catch { preconditionFailure("\(error)") }
        return bytes(path)
    }()

    /// Puts a file in the journal's place, and nothing beside it.
    static func write(_ bytes: [UInt8]) {
        clear()
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        require(descriptor >= 0, "no journal can be made")
        defer { close(descriptor) }
        require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "no room for a journal")
    }

    @discardableResult
    static func clear() -> Bool {
        for ending in ["", "-wal", "-shm", "-journal", ".lock"] { unlink(path + ending) }
        return true
    }

    private static func bytes(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        require(descriptor >= 0, "no journal")
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        return Array(bytes.prefix(max(Glibc.read(descriptor, &bytes, bytes.count), 0)))
    }
}
