import ArgumentParser
import ClusterModel
import Glibc
import Journal
import Planning
import Reactor

/// `clusterip journal export`: everything, a line an operation.
struct JournalExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the whole journal as NDJSON, oldest first.",
        discussion: """
            The file must not exist yet; only its owner can read it.

            Examples:
              clusterip journal export journal.ndjson
              clusterip journal export - --cluster web | jq .operation.outcome

            \(ExitStatus.help)
            """)

    @Argument(help: "A new file, or - for standard output.") var file: String

    @Option(help: ArgumentHelp("Only operations on the cluster of this name.", valueName: "name")) var cluster: String?

    func run() throws {
        try CommandIO.run {
            let operations = try CommandError.inJournal { journal throws(JournalError) in
                try journal.history(cluster: cluster)
            }
            let lines = try operations.reversed().map { try JSONText.text(JournalExport($0), pretty: false) }
            guard file != "-" else {
                lines.forEach(CommandIO.print)
                return .done
            }
            let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw CommandError(SystemError("write \(file.madeSafe(limit: 300))").description)
            }
            defer { close(descriptor) }
            for line in lines { CommandIO.write(line, to: descriptor) }
            return .done
        }
    }
}

/// One operation with everything the journal has of it.
struct JournalExport: Encodable {
    let schema = 2
    var operation: JournalRow
    var plan: Plan?
    var steps: [JournalStep]

    init(_ operation: JournalEntry) {
        self.operation = JournalRow(operation)
        plan = operation.plan
        steps = operation.steps
    }
}
