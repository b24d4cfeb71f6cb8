import Execution
import FaultSimulation
import Planning

/// Mistakes in what is written down, and in what is believed of it.

final class TrustJournal: Interception {
    func kernels(
        read: [String: Recovery.Kernel], recorded: [String: Recovery.Kernel]
    ) -> [String: Recovery.Kernel] { recorded }

    /// Nobody is asked who is not said to take part.
    func steps(of plan: Plan) -> [PlanStep] {
        let claimants = Set(plan.moves.map(\.to))
        return plan.steps.compactMap { step in
            guard step.role != .guard || claimants.contains(step.node) else { return nil }
            var step = step
            step.needs.removeAll { $0.role == .guard && !claimants.contains($0.node) }
            return step
        }
    }
}

final class JournalAfter: Interception {
    func recorder(_ recorder: any PlanRecorder) -> any PlanRecorder {
        ChangedRecorder(recorder, intends: false) { $0 }
    }
}

final class JournalLies: Interception {
    func recorder(_ recorder: any PlanRecorder) -> any PlanRecorder {
        ChangedRecorder(recorder) { status in
            guard case .refused = status.progress else { return status }
            return StepStatus(status.step, .done)
        }
    }
}

/// A journal into which something else is written than what happens.
private final class ChangedRecorder: PlanRecorder {
    private let recorder: any PlanRecorder
    private let intends: Bool
    private let change: (StepStatus) -> StepStatus

    init(_ recorder: any PlanRecorder, intends: Bool = true, _ change: @escaping (StepStatus) -> StepStatus) {
        self.recorder = recorder
        self.intends = intends
        self.change = change
    }

    var problem: String? { recorder.problem }
    func begin(_ plan: Plan) throws(PlanRecorderError) { try recorder.begin(plan) }
    func intend(_ steps: [StepStatus]) { if intends { recorder.intend(steps) } }
    func conclude(_ steps: [StepStatus]) { recorder.conclude(steps.map(change)) }
    func end(_ steps: [StepStatus], _ result: PlanResult) { recorder.end(steps.map(change), result) }
}
