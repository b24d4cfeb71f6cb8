/// What a plan came to, by what became of its steps.
public enum PlanResult: Hashable, Sendable {
    /// Every step was done.
    case done
    /// Every bucket is where the plan wants it; some drain on, or stay adopted, beyond the time that was given.
    case unclosed
    /// Something was changed, or may have been, and not all was done.
    case partly
    /// Surely no bucket has another state than before: at most the marks of guards were written.
    case nothingChanged

    /// What a plan came to whose steps are over.
    public init(_ steps: some Sequence<StepStatus>, of plan: Plan) {
        var (isDone, isClosed, isUnchanged) = (true, true, true)
        for status in steps {
            switch status.progress {
            case .done:
                isDone = isDone && status.role != .giveBack
                isUnchanged = isUnchanged && status.role == .guard
            case .skipped where status.role.isClosing && plan.closing == nil: isClosed = false
            case .refused, .skipped: isDone = false
            case .waiting, .running, .unknown: (isDone, isUnchanged) = (false, false)
            }
        }
        self = isDone ? (isClosed ? .done : .unclosed) : isUnchanged ? .nothingChanged : .partly
    }

    /// Whether every bucket is where the plan wants it.
    public var hasSucceeded: Bool { self == .done || self == .unclosed }
}
