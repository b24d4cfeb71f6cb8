import ArgumentParser
import Journal
import Planning
import Wording

/// `clusterip journal list`: the operations, newest first.
struct JournalListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List operations, newest first.",
        discussion: """
            csv, ndjson and json have the same keys in every version.

            Examples:
              clusterip journal list --limit 10
              clusterip journal list --cluster web --format csv

            \(ExitStatus.help)
            """)

    @Option(help: OutputFormat.help) var format = OutputFormat.table

    @Option(help: ArgumentHelp("Only operations on the cluster of this name.", valueName: "name")) var cluster: String?

    @Option(help: "At most so many operations.") var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more, not \(limit)") }
    }

    func run() throws {
        try CommandIO.run {
            let operations = try CommandError.inJournal { journal throws(JournalError) in
                try journal.operations(cluster: cluster, limit: limit ?? -1)
            }
            let rows = operations.map(JournalRow.init)
            switch format {
            case .table: CommandIO.print(rows.isEmpty ? "nothing was changed from here yet\n" : JournalRow.table(rows))
            case .json: CommandIO.print(try JSONText.text(JournalReport(operations: rows), pretty: true))
            case .ndjson: for row in rows { CommandIO.print(try JSONText.text(row, pretty: false)) }
            case .csv, .spreadsheet:
                CommandIO.print(CSV.line(JournalRow.columns) + rows.map { CSV.line($0.fields, format) }.joined())
            }
            return .done
        }
    }
}

/// One operation, as lists of the journal print it.
struct JournalRow: Encodable {
    var id: String
    var cluster: String
    var started: String
    var ended: String?
    var outcome: String
    var user: String
    var host: String
    var pid: Int
    var sudoUser: String?
    var title: String
    var reason: String?
    var resolves: String?
    private var who: String
    private var time: String

    static let columns = [
        "id", "cluster", "started", "ended", "outcome", "user", "host", "pid", "sudo_user", "title", "reason",
        "resolves",
    ]

    private enum CodingKeys: CodingKey {
        case id, cluster, started, ended, outcome, user, host, pid, sudoUser, title, reason, resolves
    }

    init(_ operation: JournalEntry) {
        id = operation.id
        cluster = operation.cluster
        started = operation.started
        ended = operation.ended
        outcome = operation.outcome.word
        user = operation.who.user
        host = operation.who.host
        pid = operation.who.pid
        sudoUser = operation.who.sudoUser
        title = operation.title
        reason = operation.reason
        resolves = operation.resolves
        who = operation.who.text
        time = operation.time
    }

    /// The fields in the order of `columns`.
    var fields: [String] {
        [
            id, cluster, started, ended ?? "", outcome, user, host, String(pid), sudoUser ?? "", title, reason ?? "",
            resolves ?? "",
        ]
    }

    /// Rows for people.
    static func table(_ rows: [JournalRow]) -> String {
        var table = TextTable([
            ("STARTED (UTC)", .left), ("ID", .left), ("CLUSTER", .left), ("OUTCOME", .left), ("WHO", .left),
            ("WHAT", .left),
        ])
        for row in rows {
            table.add([
                row.time, row.id, row.cluster, row.outcome, row.who,
                row.title + (row.reason.map { " — \($0)" } ?? ""),
            ])
        }
        return table.text
    }
}

/// What `clusterip journal list --format json` prints; the schema number changes when a key changes its meaning.
struct JournalReport: Encodable {
    let schema = 2
    var operations: [JournalRow]
}
