import ClusterModel
import GRDB
import Glibc

/// The journal's file and directory: found, made when missing, and checked before anything is trusted to them.
///
/// Nothing here opens the database, its log or the log's index beside SQLite: whoever closes any descriptor of a file
/// gives up all locks that its process has on it (fcntl(2)). Another program would then take itself for the last one
/// that leaves, and delete the log that this one is writing.
struct JournalFile {
    /// The database's path without symbolic links: SQLite keeps its log beside the file, not beside a link to it.
    let path: String

    /// The file at a path; it and its directory are made for this user alone, if they are missing.
    init(making path: String) throws {
        try Self.makeDirectory(of: path)
        self.path = try Self.resolved(path)
        // mknod(2) makes a file without a descriptor.
        guard mknod(self.path, S_IFREG | 0o600, 0) == 0 || errno == EEXIST else { throw refusal("make it") }
        try secure()
        guard access(self.path, R_OK | W_OK) == 0 else { throw refusal("open it") }
    }

    /// The file at a path; nil when there is no journal yet.
    init?(existing path: String) throws {
        guard access(path, F_OK) == 0 else {
            if errno == ENOENT { return nil }
            throw JournalError.refusal(path, "read it")
        }
        self.path = try Self.resolved(path)
        try secure()
    }

    /// Where the locks of operations are.
    var locks: String { path + ".lock" }

    /// Whether a path still leads here.
    func isMeant(by path: String) -> Bool { (try? Self.resolved(path)) == self.path }

    // MARK: The database

    /// Opens it for writing; makes the tables when they are missing.
    func open() throws -> DatabaseQueue {
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

    /// Opens it for reading alone; nil when nothing was written yet.
    func openForReading() throws -> DatabaseQueue? {
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

    // MARK: Where it is

    private static func makeDirectory(of path: String) throws {
        var made = ""
        let names = path.split(separator: "/").dropLast()
        for (index, name) in names.enumerated() {
            made += (path.hasPrefix("/") || index > 0 ? "/" : "") + name
            if mkdir(made, 0o700) == 0 || errno == EEXIST { continue }
            let code = errno
            // A read-only file system says so also of a directory that is there.
            if access(made, F_OK) == 0 { continue }
            throw JournalError.refusal(path, "make the directory \(made.madeSafe(limit: 300))", code: code)
        }
    }

    /// The path of the file that a path leads to, over symbolic links of this user and of root; it need not exist.
    private static func resolved(_ path: String) throws -> String {
        var file = path
        for _ in 0..<16 {
            let (directory, name) = parts(of: file)
            guard let real = realpath(directory, nil) else { throw JournalError.refusal(path, "find it") }
            let found = String(cString: real)
            free(real)
            file = (found == "/" ? "" : found) + "/" + name
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(file, &target, target.count)
            guard count >= 0 else { return file }
            try FileTrust(journal: path).check(file, .link)
            let link = String(decoding: target[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
            file = link.hasPrefix("/") ? link : found + "/" + link
        }
        throw JournalError.refusal(path, "find it", code: ELOOP)
    }

    private static func parts(of path: String) -> (directory: String, name: Substring) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path[...]) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), path[path.index(after: slash)...])
    }

    // MARK: Whose it is

    /// Refuses a journal that another user could write, and takes others' permissions away where that is enough.
    private func secure() throws {
        let trust = FileTrust(journal: path)
        try trust.check(Self.parts(of: path).directory, .directory)
        for name in ["", "-wal", "-shm", "-journal", ".lock"] { try trust.check(path + name, .file) }
    }

    private func refusal(_ action: String) -> JournalError { JournalError.refusal(path, action) }
}
