import Console
import Journal

extension JournalEntry {
    /// An operation as the Journal screen shows it.
    init(_ operation: RecordedOperation) {
        var details = ["\(operation.id) on \(operation.cluster), process \(operation.author.pid): \(operation.word)"]
        if let reason = operation.reason { details.append("why: \(reason)") }
        if let settles = operation.settles { details.append("settles \(settles)") }
        if operation.isCutOff || operation.outcome == .partly {
            details.append("c plans what completes it, u the way back; nothing is done before you have seen the plan")
        }
        if operation.plan == nil { details.append("see `clusterip journal show \(operation.id)`") }
        details += operation.steps.map { "\($0.position + 1). \(JournalText.words($0))" }
        self.init(
            time: JournalText.seconds(operation.started), actor: operation.author.text, title: operation.title,
            outcome: Outcome(operation), details: details,
            plan: operation.isRunning || operation.outcome == .undone ? nil : operation.plan)
    }
}

extension JournalEntry.Outcome {
    /// The screen's word for an operation's outcome.
    init(_ operation: RecordedOperation) {
        self =
            switch operation.outcome {
            case .done: .done
            case .resumed: .resumed
            case .undone: .undone
            case .failed: .failed
            case .partly: .stopped
            case nil: operation.isRunning ? .running : .cutOff
            }
    }
}
