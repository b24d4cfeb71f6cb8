import ClusterModel
import GRDB
import GRDBSQLite

extension Journal {
    /// The bytes of a frame of the write-ahead log: a page and its header.
    private static let frame = 4096 + 24
    /// The steps by which the log is lengthened, in bytes.
    private static let chunk: Int32 = 1 << 16

    /// Takes what the log holds into the database, so that the log can begin anew, and says how many frames it holds.
    ///
    /// Called inside a writing transaction of another connection: nobody can begin the log anew meanwhile. SQLite before
    /// 3.51.3 may lose transactions where that happens beside a checkpoint, so nobody makes one anywhere else.
    func takeInLog() throws -> Int {
        try intake().writeWithoutTransaction { database in
            max(try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(PASSIVE)")?[1] as Int? ?? 0, 0)
        }
    }

    /// Makes room on the disk for frames of the log, so that a disk that fills up later does not cut the story of an
    /// operation short.
    ///
    /// SQLite itself lengthens its file: nobody else may have it open. What the log holds behind its last frame means
    /// nothing to SQLite.
    ///
    /// - Throws: when there is no such room.
    func reserve(frames: Int, _ database: Database) throws {
        var log: UnsafeMutablePointer<sqlite3_file>?
        sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log)
        guard let log, let control = log.pointee.pMethods?.pointee.xFileControl else {
            throw JournalError("the journal \(path.madeSafe(limit: 300)) cannot be written: it has no log")
        }
        var chunk = Self.chunk
        var size = sqlite3_int64(32 + frames * Self.frame)
        _ = control(log, SQLITE_FCNTL_CHUNK_SIZE, &chunk)
        let result = control(log, SQLITE_FCNTL_SIZE_HINT, &size)
        chunk = 0
        _ = control(log, SQLITE_FCNTL_CHUNK_SIZE, &chunk)
        guard result == SQLITE_OK else { throw JournalError(JournalError.full(path.madeSafe(limit: 300))) }
    }

    /// How many frames the stories of the operations that are under way may still need, this program's and others'.
    func framesUnderWay(_ database: Database) throws -> Int {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT number, length(plan) AS plan, count(position) AS steps, total(length(request)) AS requests
                FROM operation LEFT JOIN step ON step.operation = operation.id
                WHERE ended IS NULL OR id IN (SELECT settles FROM operation WHERE ended IS NULL) GROUP BY number
                """)
        return rows.filter { locks.isHeld($0["number"]) }.reduce(0) { frames, row in
            let (plan, steps, requests): (Int, Int, Double) = (row["plan"], row["steps"], row["requests"])
            return frames + 64 + 8 * steps + (4 * plan + 8 * Int(requests)) / 4096
        }
    }
}
