import Execution
import Journal
import Planning

/// Writes a plan that is carried out into the journal.
final class JournalRecorder: PlanRecorder {
    /// What becomes of an earlier operation when the plan is done.
    struct Resolution {
        /// The earlier operation's id.
        var operation: String
        /// `resumed` or `undone`.
        var ending: JournalEntry.Ending
    }

    private let journal: Journal
    private let cluster: String
    private let resolution: Resolution?
    private var operation = ""
    /// The places of the plan's steps in the journal, in the order in which they came up.
    private var positions: [StepID: Int] = [:]
    private(set) var problem: String?

    init(_ journal: Journal, cluster: String, resolving resolution: Resolution? = nil) {
        self.journal = journal
        self.cluster = cluster
        self.resolution = resolution
    }

    func begin(_ plan: Plan) throws(PlanRecorderError) {
        operation = plan.operation
        let steps = plan.steps.map { record(StepStatus($0)) }
        do throws(JournalError) {
            try journal.begin(plan, steps: steps, cluster: cluster, resolves: resolution?.operation)
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
                operation, JournalEntry.Ending(result), steps: steps,
                resolving: result.hasSucceeded ? resolution?.ending : nil)
        }
    }

    /// A step as the journal keeps it.
    private func record(_ status: StepStatus) -> JournalStep {
        let position = positions[status.id] ?? positions.count
        positions[status.id] = position
        return JournalStep(position: position, status.step, status.progress)
    }

    private func note(_ body: () throws(JournalError) -> Void) {
        do throws(JournalError) { try body() } catch {
            problem = "the journal does not tell all of \(operation): \(error)"
        }
    }
}
