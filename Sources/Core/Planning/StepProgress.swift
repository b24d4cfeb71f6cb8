import ClusterModel

/// How far one step of a plan has come.
public enum StepProgress: Hashable, Sendable {
    /// It waits for other steps.
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

/// A step of a plan that is carried out, and how far it has come.
public struct StepStatus: Hashable, Sendable, Identifiable {
    /// The step.
    public var step: PlanStep
    /// How far it has come.
    public var progress: StepProgress

    /// A step and how far it has come; at first it waits.
    public init(_ step: PlanStep, _ progress: StepProgress = .waiting) {
        self.step = step
        self.progress = progress
    }

    /// The step's name.
    public var id: StepID { step.id }
    /// What the step does for its plan.
    public var role: StepRole { step.id.role }
    /// The node that carries it out.
    public var node: String { step.id.node }
    /// The buckets it is about.
    public var buckets: BucketSet { step.buckets }
}

/// What is waited for when every bucket is where the plan wants it.
public enum PlanWait: Hashable, Sendable {
    /// The old owners' connections to end, for so many seconds in all.
    case connections(Double)
    /// Clients to learn that connections are gone, for so many seconds; then adopted buckets become owned.
    case finalizing(Double)

    /// How long it takes at most, in seconds.
    public var seconds: Double {
        switch self {
        case .connections(let seconds), .finalizing(let seconds): seconds
        }
    }
}
