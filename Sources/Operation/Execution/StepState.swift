/// How far a step of a running plan has come.
public enum StepState: Hashable, Sendable {
    /// It waits for a release.
    case waiting
    /// It was sent, for the first time or again.
    case running(attempt: Int)
    /// The node's kernel has it.
    case done
    /// The node did not do it, for this reason; nothing was changed there.
    case refused(String)
    /// Whether the node did it cannot be known now, for this reason.
    case unknown(String)
    /// It was never sent, for this reason.
    case skipped(String)

    /// Why it was not done; nil when it was, or is not over.
    public var reason: String? {
        switch self {
        case .waiting, .running, .done: nil
        case .refused(let reason), .unknown(let reason), .skipped(let reason): reason
        }
    }

    /// Whether nothing more will happen to the step.
    public var isOver: Bool {
        switch self {
        case .waiting, .running: false
        case .done, .refused, .unknown, .skipped: true
        }
    }
}
