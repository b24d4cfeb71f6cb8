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
    /// The places of the plan's steps in the journal, in the order in which they came up.
    private var positions: [StepID: Int] = [:]
    private(set) var problem: String?

    init(_ journal: Journal, cluster: String, settling settlement: Settlement? = nil) {
        self.journal = journal
        self.cluster = cluster
        self.settlement = settlement
    }

    func begin(_ plan: Plan) throws(PlanRecorderError) {
        operation = plan.operation
        let steps = plan.steps.map { record(StepStatus($0)) }
        do throws(JournalError) {
            try journal.begin(plan, steps: steps, cluster: cluster, settles: settlement?.operation)
        } catch { throw PlanRecorderError("nothing was changed: \(error)") }
    }

    func intend(_ steps: [StepStatus]) {
        let steps = steps.map(record)
        note { () throws(JournalError) in try journal.intend(operation, steps) }
    }

    func conclude(_ steps: [StepStatus]) {
        let steps = steps.map(record)
        note { () throws(JournalError) in try journal.conclude(operation, steps) }
    }

    func end(_ steps: [StepStatus], _ result: PlanResult) {
        let steps = steps.map(record)
        note { () throws(JournalError) in
            try journal.end(
                operation, result.hasSucceeded ? .done : result == .nothingChanged ? .failed : .partly, steps: steps,
                settling: settlement?.outcome)
        }
    }

    /// A step as the journal keeps it.
    private func record(_ status: StepStatus) -> RecordedStep {
        let position = positions[status.id] ?? positions.count
        positions[status.id] = position
        return RecordedStep(
            position: position, step: status.step, state: .init(status.progress), reason: status.progress.reason)
    }

    private func note(_ body: () throws(JournalError) -> Void) {
        do throws(JournalError) { try body() } catch {
            problem = "the journal does not tell all of \(operation): \(error)"
        }
    }
}

extension RecordedStep.State {
    /// The journal's word for how far a step has come.
    init(_ progress: StepProgress) {
        self =
            switch progress {
            case .waiting: .waiting
            case .running: .sent
            case .done: .done
            case .refused: .refused
            case .unknown: .unknown
            case .skipped: .skipped
            }
    }
}
