import ClusterModel
import GRDB
import Glibc

/// The journal's file and directory: made when missing, and checked before anything is trusted to them.
///
/// Nothing here opens the database, its log or the log's index beside SQLite: whoever closes any descriptor of a file
/// gives up all locks that its process has on it (fcntl(2)). Another program would then take itself for the last one
/// that leaves, and delete the log that this one is writing.
struct JournalFile {
    let path: String

    /// Opens for writing; makes the directory (mode 0700), the file (0600) and the tables when they are missing.
    func open() throws -> DatabaseQueue {
        try makeDirectory()
        try make()
        let queue = try connection()
        try queue.writeWithoutTransaction { try Schema.prepare($0, path: path) }
        return queue
    }

    /// Opens for writing what is there.
    func connection() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Journal.patience)
        configuration.prepareDatabase { database in
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // Where an operation begins the log is taken into the database, and nowhere else: `Journal.takeInLog`.
            _ = try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint = 0")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Opens for reading alone; nil when there is no journal yet.
    func openForReading() throws -> DatabaseQueue? {
        guard access(path, F_OK) == 0 else {
            if errno == ENOENT { return nil }
            throw refusal("read it")
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(Journal.patience)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            switch try queue.read({ try Schema.version(of: $0, path: path) }) {
            case 0: return nil
            case Schema.current: return queue
            default: return try open()
            }
        } catch DatabaseError.SQLITE_READONLY {
            // What a crash left must be rolled back first, and only who may write can do that.
            return try open()
        }
    }

    /// Makes the file, if it is missing, without a descriptor: mknod(2).
    private func make() throws {
        guard mknod(path, S_IFREG | 0o600, 0) == 0 || errno == EEXIST else { throw refusal("make it") }
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT != S_IFDIR else { throw refusal("use it", code: EISDIR) }
        guard access(path, R_OK | W_OK) == 0 else { throw refusal("open it") }
    }

    private func makeDirectory() throws {
        var made = ""
        let names = path.split(separator: "/").dropLast()
        for (index, name) in names.enumerated() {
            made += (path.hasPrefix("/") || index > 0 ? "/" : "") + name
            if mkdir(made, 0o700) == 0 || errno == EEXIST { continue }
            let code = errno
            // A read-only file system says so also of a directory that is there.
            if access(made, F_OK) == 0 { continue }
            throw refusal("make the directory \(made.madeSafe(limit: 300))", code: code)
        }
    }

    private func refusal(_ action: String, code: Int32 = errno) -> JournalError {
        let safe = path.madeSafe(limit: 300)
        if code == ENOSPC || code == EDQUOT { return JournalError(JournalError.full(safe)) }
        return JournalError(
            "the journal \(safe) cannot be kept: cannot \(action): \(String(cString: strerror(code))); "
                + "mend that, \(JournalError.elsewhere)")
    }
}
