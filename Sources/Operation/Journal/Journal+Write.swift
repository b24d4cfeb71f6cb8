import ClusterModel
import FoundationEssentials
import GRDB
import Glibc
import Planning
import Wording

extension Journal {
    /// Writes an operation and its steps down, before the first of them, and keeps the room on the disk that the rest
    /// of its story will need.
    ///
    /// - Parameters:
    ///   - cluster: the cluster's name.
    ///   - resolves: the id of the operation that this one completes or takes back.
    /// - Throws: one sentence when it cannot be kept; nothing was written then.
    public func begin(
        _ plan: Plan, steps: [JournalStep], cluster: String, who: Operator = .current, resolves: String? = nil
    ) throws(JournalError) {
        do throws(JournalError) { try write(plan, steps, cluster, who, resolves) } catch {
            // Nothing is under way; what was to be completed or taken back is free for others.
            locks.release(for: plan.operation)
            throw error
        }
    }

    private func write(
        _ plan: Plan, _ steps: [JournalStep], _ cluster: String, _ who: Operator, _ resolves: String?
    ) throws(JournalError) {
        try writing { database in
            let used = try takeInLog()
            try database.execute(
                sql: """
                    INSERT INTO operation
                        (id, cluster, user, host, pid, sudo_user, started, reason, title, plan, settles)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    plan.operation, cluster, who.user, who.host, who.pid, who.sudoUser, Timestamp.now,
                    plan.reason, plan.title, try JournalJSON.text(plan), resolves,
                ])
            let number = database.lastInsertedRowID
            if let resolves { try takeInHand(resolves, for: plan.operation, database) }
            guard locks.take(number, for: plan.operation) else {
                throw JournalError(
                    "the journal cannot lock \(path.madeSafe(limit: 300)).lock: permit it, \(JournalError.elsewhere)")
            }
            for step in steps { try Self.put(step, of: plan.operation, database) }
            try reserve(frames: used + framesUnderWay(database), database)
        }
    }

    /// Writes that steps are to be sent, before they are, in one transaction: the disk is waited for once.
    public func intend(_ operation: String, _ steps: [JournalStep]) throws(JournalError) {
        try writing { database in
            for step in steps {
                try Self.put(step, of: operation, database)
                try database.execute(
                    sql: """
                        UPDATE step SET intended = coalesce(intended, ?), state = 'sent'
                        WHERE operation = ? AND position = ?
                        """,
                    arguments: [Timestamp.now, operation, step.position])
            }
        }
    }

    /// Writes what became of steps, in one transaction.
    public func conclude(_ operation: String, _ steps: [JournalStep]) throws(JournalError) {
        try writing { database in for step in steps { try Self.conclude(step, of: operation, database) } }
    }

    /// Writes that nothing more is to come, with the final state of the steps.
    ///
    /// - Parameter resolving: what the earlier operation that this one completes or takes back has come to by it; nil: it
    ///   stays as it is.
    public func end(
        _ operation: String, _ ending: JournalEntry.Ending, steps: [JournalStep] = [],
        resolving: JournalEntry.Ending? = nil
    ) throws(JournalError) {
        // Nothing is under way any more, also when that cannot be written.
        defer { locks.release(for: operation) }
        try writing { database in
            for step in steps { try Self.conclude(step, of: operation, database) }
            try Self.close(operation, ending, database)
            let earlier = try String.fetchOne(
                database, sql: "SELECT settles FROM operation WHERE id = ?", arguments: [operation])
            if let earlier, let resolving { try Self.close(earlier, resolving, database) }
        }
    }

    /// Writes how an operation that was cut off ended after all.
    ///
    /// - Throws: also when another program carries it out.
    public func close(_ operation: String, as ending: JournalEntry.Ending) throws(JournalError) {
        defer { locks.release(for: operation) }
        try writing { database in
            try takeInHand(operation, for: operation, database)
            try Self.close(operation, ending, database)
        }
    }

    /// Takes an earlier operation in hand, so that no other program completes it or takes it back meanwhile.
    private func takeInHand(_ operation: String, for later: String, _ database: Database) throws {
        let number = try Int64.fetchOne(
            database, sql: "SELECT number FROM operation WHERE id = ?", arguments: [operation])
        guard let number, !locks.take(number, for: later) else { return }
        throw JournalError("another program is carrying out \(operation) now: wait until it has ended")
    }

    /// Writes what a step is, without how far it has come.
    private static func put(_ step: JournalStep, of operation: String, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO step (operation, position, node, purpose, part, request, state)
                VALUES (?, ?, ?, ?, ?, ?, 'waiting')
                ON CONFLICT DO UPDATE SET node = excluded.node, purpose = excluded.purpose,
                    part = excluded.part, request = excluded.request
                """,
            arguments: [
                operation, step.position, step.node, step.content.names.purpose, step.content.names.part,
                try step.content.request(of: operation),
            ])
    }

    private static func conclude(_ step: JournalStep, of operation: String, _ database: Database) throws {
        let isNew =
            try String.fetchOne(
                database, sql: "SELECT state FROM step WHERE operation = ? AND position = ? AND concluded IS NOT NULL",
                arguments: [operation, step.position]) != step.progress.column
        guard isNew else { return }
        try put(step, of: operation, database)
        try database.execute(
            sql: "UPDATE step SET concluded = ?, state = ?, reason = ? WHERE operation = ? AND position = ?",
            arguments: [
                Timestamp.now, step.progress.column, step.progress.failure?.sentence.madeSafe(limit: 500), operation,
                step.position,
            ])
    }

    private static func close(_ operation: String, _ ending: JournalEntry.Ending, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE operation SET outcome = ?, ended = coalesce(ended, ?) WHERE id = ?",
            arguments: [ending.rawValue, Timestamp.now, operation])
    }
}

/// Values as the journal writes them.
enum JournalJSON {
    /// One line, its keys in order.
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
