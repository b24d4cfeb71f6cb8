import Journal
import Planning

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
