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
    case refused(StepFailure)
    /// Whether the node did it cannot be known now, for this reason.
    case unknown(StepFailure)
    /// It was never sent, for this reason.
    case skipped(StepFailure)

    /// Why it was not done; nil when it was, or is not over.
    public var failure: StepFailure? {
        switch self {
        case .waiting, .running, .done: nil
        case .refused(let failure), .unknown(let failure), .skipped(let failure): failure
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

/// Why a step of a plan was not done, or is not known to be.
public enum StepFailure: Hashable, Sendable {
    /// The node found another state or another mark than the step expects; nil: it did not say which.
    case mismatch(StepOutcome.Mismatch?)
    /// The agent, or the link to it, said this.
    case agent(String)
    /// The agent answered something else than what was asked.
    case oddAnswer
    /// The node has not confirmed that it does not answer; or it is not known whether it has.
    case unconfirmed(node: String, isKnown: Bool)
    /// The node did not release; or it is not known whether it has.
    case unreleased(node: String, isKnown: Bool)
    /// Nothing was claimed, because this node did not become what the plan wants it to be; or it is not known whether it did.
    case notAdmitted(node: String, isKnown: Bool)
    /// Nothing was claimed, because a node that had no table when the plan was made has one now.
    case appeared(node: String)
    /// Nothing was begun, because this node cannot be asked; what its agent said, nil when that made no sense.
    case cannotAsk(node: String, String?)
    /// The operator stopped the plan before the step was begun.
    case stopped
    /// The operator ended a wait before its time.
    case waitEnded
    /// The node that the plan takes for dead answers again.
    case returned(node: String)
    /// What was written down of it, as a sentence.
    case recorded(String)
    /// So many connections were left when the time was over; nil: the node never said how many.
    case connectionsLeft(Int?)
}

extension StepFailure {
    /// Whether the step was left because the time for it was over, or the operator would not wait any longer.
    var isTimeOver: Bool {
        switch self {
        case .connectionsLeft, .waitEnded: true
        default: false
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
