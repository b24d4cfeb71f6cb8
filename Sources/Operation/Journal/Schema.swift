import ClusterModel
import GRDB

/// The journal's tables and their versions, kept in the database's `user_version`.
enum Schema {
    /// The version that this program writes.
    static let current = versions.count
    /// "CIPJ", the database's `application_id`: no other program's file is taken for a journal.
    private static let applicationID = 0x4349_504a

    /// The statements that lead from each version to the next.
    private static let versions = [
        """
        CREATE TABLE operation (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            cluster TEXT NOT NULL,
            user TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, sudo_user TEXT,
            started TEXT NOT NULL,
            reason TEXT,
            title TEXT NOT NULL,
            plan TEXT NOT NULL,
            settles TEXT,
            outcome TEXT,
            ended TEXT
        ) STRICT;
        CREATE INDEX operation_without_end ON operation (number) WHERE ended IS NULL;
        CREATE TABLE step (
            operation TEXT NOT NULL REFERENCES operation (id),
            position INTEGER NOT NULL,
            node TEXT NOT NULL,
            purpose TEXT NOT NULL,
            part TEXT NOT NULL,
            request TEXT NOT NULL,
            intended TEXT,
            concluded TEXT,
            state TEXT NOT NULL,
            reason TEXT,
            PRIMARY KEY (operation, position)
        ) STRICT, WITHOUT ROWID;
        """
    ]

    /// Makes or completes the tables, and checks the file; two programs may do so at once.
    static func prepare(_ database: Database, path: String) throws {
        var found = 0
        // In one transaction: another program may just be making them.
        try database.inTransaction(.deferred) {
            found = try version(of: database, path: path)
            return .commit
        }
        guard found < current else { return try check(database, path: path) }
        try database.inTransaction(.immediate) {
            let version = try version(of: database, path: path)
            for statements in versions.dropFirst(version) { try database.execute(sql: statements) }
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(current)")
            return .commit
        }
    }

    /// The version of the database's tables; 0 for an empty file.
    ///
    /// - Throws: when it is another program's, or a newer clusterip's.
    static func version(of database: Database, path: String) throws -> Int {
        let path = path.madeSafe(limit: 300)
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        if application == 0, version == 0, tables == 0 { return 0 }
        guard application == applicationID, version > 0 else {
            throw JournalError("\(path) is a database, but not a journal: move it away, \(JournalError.elsewhere)")
        }
        guard version <= current else {
            throw JournalError(
                "the journal \(path) was written by a newer clusterip (version \(version), this one knows \(current)): "
                    + "use that one, \(JournalError.elsewhere)")
        }
        return version
    }

    private static func check(_ database: Database, path: String) throws {
        let answer = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard answer == "ok" else {
            throw JournalError(JournalError.damaged(path.madeSafe(limit: 300), answer.madeSafe(limit: 200)))
        }
    }
}
