import ClusterModel
import FoundationEssentials
import GRDB
import Planning

extension Journal {
    /// The operations, newest first, without their plans and steps.
    ///
    /// - Parameter cluster: only those of the cluster of this name.
    public func operations(cluster: String? = nil, limit: Int = -1) throws(JournalError) -> [JournalEntry] {
        try readingTwice { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM operation WHERE ?1 IS NULL OR cluster = ?1 ORDER BY number DESC LIMIT ?2
                    """,
                arguments: [cluster, limit]
            ).map { operation($0, hasPlan: false) }
        }
    }

    /// The operations that have no end and that nobody carries out, oldest first, without their plans and
    /// steps.
    public func cutOff(cluster: String? = nil) throws(JournalError) -> [JournalEntry] {
        try readingTwice { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM operation WHERE ended IS NULL AND (?1 IS NULL OR cluster = ?1) ORDER BY number
                    """,
                arguments: [cluster]
            ).map { operation($0, hasPlan: false) }.filter(\.isCutOff)
        }
    }

    /// An operation with its steps; nil when there is none of this id.
    public func operation(_ id: String) throws(JournalError) -> JournalEntry? {
        try readingTwice { database in
            try Row.fetchAll(database, sql: "SELECT * FROM operation WHERE id = ?", arguments: [id]).map { row in
                var found = operation(row, hasPlan: true)
                found.steps = try steps(of: id, database)
                return found
            }
        }.first
    }

    /// The newest operations with their plans and steps, newest first.
    ///
    /// - Parameter budget: plans of so many bytes in all are read; older operations come without plan and steps.
    public func history(
        cluster: String? = nil, limit: Int = -1, budget: Int = .max
    ) throws(JournalError) -> [JournalEntry] {
        try readingTwice { database in
            var left = budget
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM operation WHERE ?1 IS NULL OR cluster = ?1 ORDER BY number DESC LIMIT ?2
                    """,
                arguments: [cluster, limit]
            ).map { row in
                left -= ((row.value("plan") as String?)?.utf8.count ?? 0)
                var found = operation(row, hasPlan: left >= 0)
                if left >= 0 { found.steps = try steps(of: found.id, database) }
                return found
            }
        }
    }

    /// Reads operations again until those that seem cut off have seemed so twice.
    ///
    /// A program writes an operation's end and then gives its lock back. Between a look at the one and at the other it
    /// may do both, and what it has just ended would seem cut off.
    private func readingTwice(
        _ body: (Database) throws -> [JournalEntry]
    ) throws(JournalError) -> [JournalEntry] {
        var suspects: Set<String> = []
        while true {
            let found = try reading(body) ?? []
            let cutOff = Set(found.lazy.filter(\.isCutOff).map(\.id))
            if cutOff.isSubset(of: suspects) { return found }
            suspects = cutOff
        }
    }

    private func steps(of id: String, _ database: Database) throws -> [JournalStep] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM step WHERE operation = ? ORDER BY position", arguments: [id])
        return rows.map(step)
    }

    private func operation(_ row: Row, hasPlan: Bool) -> JournalEntry {
        let number: Int64 = row.value("number") ?? 0
        let text: String? = hasPlan ? row.value("plan") : nil
        let plan = text.flatMap { try? JSONDecoder().decode(Plan.self, from: Data($0.safeJSON.utf8)) }
        let ended = row.text("ended")
        let ending = row.text("outcome").map(JournalEntry.Outcome.init(column:))
        return JournalEntry(
            number: number, id: row.text("id") ?? "", cluster: row.text("cluster") ?? "",
            who: Operator(
                user: row.text("user") ?? "", host: row.text("host") ?? "", pid: row.value("pid") ?? 0,
                sudoUser: row.text("sudo_user")),
            started: row.text("started") ?? "", ended: ended, reason: row.text("reason"),
            title: row.text("title") ?? "", plan: plan, resolves: row.text("settles"),
            outcome: ended == nil ? (locks.isHeld(number) ? .running : .cutOff) : ending ?? .unknown("ended"))
    }

    private func step(_ row: Row) -> JournalStep {
        let node = row.text("node") ?? ""
        let content = JournalStep.Content(
            node: node, purpose: row.text("purpose") ?? "", part: row.text("part") ?? "",
            request: row.value("request") ?? "")
        return JournalStep(
            position: row.value("position") ?? 0, node: node, content: content,
            intended: row.text("intended"), concluded: row.text("concluded"),
            progress: StepProgress(state: row.text("state") ?? "", reason: row.text("reason")))
    }
}

extension Row {
    /// The value of a column; nil when it is missing or of another kind.
    fileprivate func value<Value: DatabaseValueConvertible>(_ column: String) -> Value? {
        (self[column] as DatabaseValue?).flatMap(Value.fromDatabaseValue)
    }

    /// The text of a column, made safe for a terminal.
    fileprivate func text(_ column: String) -> String? {
        (value(column) as String?)?.madeSafe(limit: 500)
    }
}

extension String {
    /// JSON whose texts can command no terminal: a journal is a file that anybody may have written.
    ///
    /// This program writes characters as they are; an escape that stands for one, other than a quotation mark or a backslash,
    /// is another's.
    var safeJSON: String {
        var safe = ""
        var rest = madeSafe(limit: utf8.count)[...]
        while let slash = rest.firstIndex(of: "\\") {
            safe += rest[..<slash]
            rest = rest[slash...].dropFirst()
            guard let kind = rest.popFirst() else { break }
            switch kind {
            case "\"", "\\", "/": safe += "\\\(kind)"
            case "u": rest = rest.dropFirst(4); safe += "\u{fffd}"
            default: safe += "\u{fffd}"
            }
        }
        return safe + rest
    }
}
