import ClusterModel
import GRDB
import GRDBSQLite
import Glibc
import Reactor

/// Who changed what, when and why: every plan before its first step, every step before it is sent and when it is over.
///
/// A SQLite database in write-ahead mode with full synchronisation: what a call has written survives the loss of power.
/// Nothing is opened before it is needed. Several programs may use the same journal at once. While an operation is under
/// way, its program holds a lock that the kernel takes away when the program ends, however it ends; so an operation
/// without an end and without a lock is one that was cut off.
public final class Journal {
    /// The database's path.
    public let path: String
    /// How many files are opened for it at most: three connections to the database, and the locks.
    private static let files = 16
    /// How long another program's write is waited for, in seconds.
    static let patience = 2.0

    /// The file behind the path, once it was found.
    private var file: JournalFile?
    /// The connection that writes.
    private var writer: DatabaseQueue?
    /// The connection that reads while nothing has been written.
    private var reader: DatabaseQueue?
    /// The connection that takes the log into the database.
    private var logTaker: DatabaseQueue?
    private(set) var locks: OperationLocks

    /// The journal at a path; nothing is opened or made yet.
    public init(path: String) {
        self.path = path
        locks = OperationLocks(path: path + ".lock")
    }

    /// `$XDG_STATE_HOME/clusterip/journal.sqlite`, by default below `~/.local/state` (XDG Base Directory Specification).
    public static var standardPath: String {
        let state = environment("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (state ?? (environment("HOME") ?? "/root") + "/.local/state") + "/clusterip/journal.sqlite"
    }

    /// Opens the journal for writing and makes sure that it can be written, as `begin` does.
    ///
    /// - Throws: one sentence when it cannot.
    public func prepare() throws(JournalError) { _ = try writing { _ in } }

    /// Runs a body in one transaction that is on the disk when this returns.
    func writing<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        try inWords {
            if writer == nil { writer = try use(JournalFile(making: path)).open() }
            guard let writer else { throw JournalError("the journal cannot be opened") }
            return try writer.write(body)
        }
    }

    /// Runs a body over what is written; nil when there is no journal yet.
    func reading<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value? {
        try inWords {
            if writer == nil, reader == nil, let found = try JournalFile(existing: path) {
                reader = try use(found).openForReading()
            }
            return try (writer ?? reader)?.read(body)
        }
    }

    /// The connection that takes the log into the database while the other one is in a writing transaction.
    func intake() throws -> DatabaseQueue {
        let queue = try logTaker ?? (file ?? JournalFile(making: path)).connection()
        logTaker = queue
        return queue
    }

    private func use(_ found: JournalFile) -> JournalFile {
        if found.path != file?.path { locks = OperationLocks(path: found.locks) }
        file = found
        return found
    }

    private func inWords<Value>(_ body: () throws -> Value) throws(JournalError) -> Value {
        do {
            // The library over SQLite ends the program when it cannot have its own.
            guard file != nil || FileLimit.hasRoom(for: Self.files) else {
                throw JournalError("the journal \(path.madeSafe(limit: 300)) cannot be opened: \(FileLimit.sentence)")
            }
            forgetMoved()
            return try body()
        } catch let error as JournalError { throw error } catch let error as DatabaseError {
            throw JournalError(error, path: path)
        } catch {
            throw JournalError(
                "the journal \(path.madeSafe(limit: 300)) holds what cannot be read: \("\(error)".madeSafe(limit: 200))"
            )
        }
    }

    /// Closes what is open of a file that is not at the path any more, so that nothing is written where nobody reads.
    ///
    /// The story of an operation goes on where it was begun.
    private func forgetMoved() {
        guard locks.isIdle, let file, let queue = writer ?? reader else { return }
        var hasMoved: Int32 = 0
        queue.inDatabase { database in
            _ = sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        }
        guard hasMoved != 0 || !file.isMeant(by: path) else { return }
        (self.file, writer, reader, logTaker) = (nil, nil, nil, nil)
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
