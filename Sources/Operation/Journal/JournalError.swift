import ClusterModel
import GRDB
import Glibc
import Reactor

/// Why the journal cannot be used: one sentence with its path and what would help.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence.
    public var description: String

    /// An error with its sentence.
    public init(_ description: String) { self.description = description }

    /// What SQLite said about the journal at a path, in the words of an operator.
    init(_ error: DatabaseError, path: String) {
        self.init(Self.sentence(error, path: path.madeSafe(limit: 300)))
    }

    private static func sentence(_ error: DatabaseError, path: String) -> String {
        let message = (error.message ?? "no reason given").madeSafe(limit: 200)
        return switch error.resultCode {
        case .SQLITE_FULL: full(path)
        case .SQLITE_CANTOPEN where isFull(path), .SQLITE_IOERR where isFull(path): full(path)
        case .SQLITE_READONLY, .SQLITE_PERM:
            "the journal \(path) cannot be written: it or its directory is read-only; make it writable, \(elsewhere)"
        case .SQLITE_CANTOPEN:
            "the journal \(path) cannot be opened: this user may not make or open files there; permit it, \(elsewhere)"
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            "another program keeps the journal \(path) locked: wait until it has ended, then try again"
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: damaged(path, message)
        case .SQLITE_ERROR where message == "unsupported file format": damaged(path, message)
        default:
            "the journal \(path) cannot be used: \(message) (SQLite error \(error.extendedResultCode.rawValue)); "
                + "mend that, \(elsewhere)"
        }
    }

    /// Whether the file system at a path has no room for a log and its index.
    private static func isFull(_ path: String) -> Bool {
        var facts = statvfs()
        return statvfs(path, &facts) == 0 && facts.f_bavail < 16
    }

    static let elsewhere = "or set XDG_STATE_HOME to a directory that can be written"

    static func full(_ path: String) -> String {
        "the journal \(path) cannot be written: its disk is full; free some space, \(elsewhere)"
    }

    /// Why the system does not let the journal be kept.
    static func refusal(_ path: String, _ action: String, code: Int32 = errno) -> JournalError {
        let safe = path.madeSafe(limit: 300)
        if code == ENOSPC || code == EDQUOT { return JournalError(full(safe)) }
        return JournalError(
            "the journal \(safe) cannot be kept: \(SystemError(action, code: code)); mend that, \(elsewhere)")
    }

    static func damaged(_ path: String, _ what: String) -> String {
        "the journal \(path) is damaged (\(what)): move it and its -wal and -shm files away, and a new one is begun"
    }
}
