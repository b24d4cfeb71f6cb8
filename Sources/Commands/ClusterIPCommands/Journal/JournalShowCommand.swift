import ArgumentParser
import Journal

/// `clusterip journal show`: one operation, step by step.
struct JournalShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an operation, step by step.",
        discussion: """
            Example:
              clusterip journal show op-tbs3kl-1x2y3z

            \(ExitStatus.help)
            """)

    @Argument(help: "The operation's id, or the beginning that only one has.") var id: String

    @Option(help: "table or json.") var format = OutputFormat.table

    func validate() throws {
        guard format == .table || format == .json else { throw ValidationError("--format must be table or json here") }
    }

    func run() throws {
        try Console.run {
            let operation = try Journal.place().only(id)
            Console.print(
                format == .table
                    ? JournalText(operation: operation).text
                    : try JSONText.text(JournalExport(operation), pretty: true))
            return .done
        }
    }
}
