import ArgumentParser
import Journal
import Planning
import Wording

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

    @Option(help: DocumentFormat.help) var format = DocumentFormat.table

    func validate() throws {
    }

    func run() throws {
        try CommandIO.run {
            let operation = try Journal.place().only(id)
            CommandIO.print(
                format == .table
                    ? JournalText(operation: operation).text
                    : try JSONText.text(JournalExport(operation), pretty: true))
            return .done
        }
    }
}

/// An operation as people read it.
struct JournalText {
    let operation: JournalEntry

    /// The operation and its steps, over several lines.
    var text: String {
        var text = "\(operation.id)  \(operation.title)\n\n"
        for (label, value) in facts { text += label + String(repeating: " ", count: 9 - label.count) + value + "\n" }
        return text + "\n" + operation.steps.map { $0.sentence + "\n" }.joined()
    }

    private var facts: [(String, String)] {
        [
            ("cluster", operation.cluster), ("who", "\(operation.who.text), process \(operation.who.pid)"),
            ("why", operation.reason), ("started", operation.started), ("ended", operation.ended),
            ("outcome", operation.outcome.word), ("resolves", operation.resolves),
        ].compactMap { label, value in value.map { (label, $0) } }
    }
}
