import ArgumentParser
import Journal

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
