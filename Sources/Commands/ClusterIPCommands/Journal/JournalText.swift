import Journal
import Planning

/// An operation as people read it.
struct JournalText {
    let operation: RecordedOperation

    /// The operation and its steps, over several lines.
    var text: String {
        var text = "\(operation.id)  \(operation.title)\n\n"
        for (label, value) in facts { text += label + String(repeating: " ", count: 9 - label.count) + value + "\n" }
        text += "\n"
        for step in operation.steps { text += "\(step.position + 1). \(Self.words(step))\n" }
        return text
    }

    private var facts: [(String, String)] {
        [
            ("cluster", operation.cluster), ("who", "\(operation.author.text), process \(operation.author.pid)"),
            ("why", operation.reason), ("started", operation.started), ("ended", operation.ended),
            ("outcome", operation.word), ("settles", operation.settles),
        ].compactMap { label, value in value.map { (label, $0) } }
    }

    /// A step and what became of it: "done 14:02:31.045: node1 releases 3,7: owned → draining".
    static func words(_ step: RecordedStep) -> String {
        let time = step.concluded ?? step.intended
        return "\(word(step.state))\(time.map { " \(clock($0))" } ?? ""): \(words(step.content, on: step.node))"
            + (step.reason.map { " — \($0)" } ?? "")
    }

    private static func words(_ content: RecordedStep.Content, on node: String) -> String {
        switch content {
        case .step(let step): step.words
        case .unknown(let purpose, let part, _):
            "\(node) does what another version of this program knows: \(purpose), \(part)"
        }
    }

    /// "2026-11-22 14:02:31" of a point in time.
    static func seconds(_ time: String) -> String {
        String(time.prefix(19).map { $0 == "T" ? " " : $0 })
    }

    private static func clock(_ time: String) -> Substring { time.dropFirst(11).prefix(12) }

    private static func word(_ state: RecordedStep.State) -> String {
        switch state {
        case .waiting: "never sent"
        case .sent: "perhaps sent"
        case .done, .refused, .unknown, .skipped: state.rawValue
        }
    }
}
