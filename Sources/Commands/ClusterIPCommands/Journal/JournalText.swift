import Planning
import Wording

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
            ("outcome", operation.outcome.word), ("settles", operation.resolves),
        ].compactMap { label, value in value.map { (label, $0) } }
    }
}
