import Glibc

extension Journal {
    /// Makes room on the disk for frames of the write-ahead log (4,096 bytes and a header of 24 each), so that a disk
    /// that fills up later does not cut the story of an operation short.
    ///
    /// Called while the log is locked by a transaction. What the log holds behind its last frame means nothing to SQLite.
    ///
    /// - Throws: when there is no such room.
    func reserve(frames: Int) throws {
        let log = open(path + "-wal", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard log >= 0 else {
            throw JournalError("the journal \(path) cannot be written: no log can be made beside it")
        }
        defer { close(log) }
        switch posix_fallocate(log, 0, off_t(32 + frames * (4096 + 24))) {
        case ENOSPC, EDQUOT, EFBIG: throw JournalError(JournalError.full(path))
        default: break
        }
    }
}
