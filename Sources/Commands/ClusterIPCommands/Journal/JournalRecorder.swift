import Execution
import Journal
import Planning

/// Writes a plan that is carried out into the journal.
final class JournalRecorder: PlanRecorder {
    /// What becomes of an earlier operation when the plan is done.
    struct Settlement {
        /// The earlier operation's id.
        var operation: String
        /// `resumed` or `undone`.
        var outcome: RecordedOperation.Outcome
    }

    private let journal: Journal
    private let cluster: String
    private let settlement: Settlement?
    private var operation = ""
    private(set) var problem: String?

    init(_ journal: Journal, cluster: String, settling settlement: Settlement? = nil) {
        self.journal = journal
        self.cluster = cluster
        self.settlement = settlement
    }

    func begin(_ plan: Plan) throws(PlanRecorderError) {
        operation = plan.operation
        let steps = PlanExecution(plan: plan).entries.enumerated().map { RecordedStep($0.offset, $0.element) }
        do throws(JournalError) {
            try journal.begin(plan, steps: steps, cluster: cluster, settles: settlement?.operation)
        } catch { throw PlanRecorderError("nothing was changed: \(error)") }
    }

    func intend(_ entries: [(index: Int, entry: PlanExecution.Entry)]) {
        note { () throws(JournalError) in try journal.intend(operation, entries.map { RecordedStep($0, $1) }) }
    }

    func conclude(_ entries: [(index: Int, entry: PlanExecution.Entry)]) {
        note { () throws(JournalError) in try journal.conclude(operation, entries.map { RecordedStep($0, $1) }) }
    }

    func end(_ execution: PlanExecution) {
        let steps = execution.entries.enumerated().map { RecordedStep($0.offset, $0.element) }
        note { () throws(JournalError) in
            try journal.end(
                operation, execution.succeeded ? .done : execution.changedNothing ? .failed : .partly, steps: steps,
                settling: settlement?.outcome)
        }
    }

    private func note(_ body: () throws(JournalError) -> Void) {
        do throws(JournalError) { try body() } catch {
            problem = "the journal does not tell all of \(operation): \(error)"
        }
    }
}

extension RecordedStep {
    /// An entry of an execution as the journal keeps it.
    init(_ position: Int, _ entry: PlanExecution.Entry) {
        self.init(
            position: position, step: entry.step, part: entry.part.rawValue, state: State(entry.state),
            reason: entry.state.reason)
    }
}

extension RecordedStep.State {
    /// The journal's word for a step's state.
    init(_ state: StepState) {
        self =
            switch state {
            case .waiting: .waiting
            case .running: .sent
            case .done: .done
            case .refused: .refused
            case .unknown: .unknown
            case .skipped: .skipped
            }
    }
}
