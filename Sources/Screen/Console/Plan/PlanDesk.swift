import ClusterModel
import Planning

/// What the operator chooses for a plan, and the plan that came of it; every screen marks buckets for it.
struct PlanDesk: Hashable, Sendable {
    /// The buckets to move: those that are marked.
    var buckets = BucketSet()
    /// The name of the node that gets them; nil: not chosen.
    var target: String?
    /// How the old owners give them up.
    var mode: MoveMode = .graceful
    /// How far the plan is.
    var phase: PlanPhase = .draft
    /// What the last plan was asked for.
    var awaited: PlanKind?
    /// What the executed plan waits for, when every bucket is in place; nil before.
    var waiting: ShownWait?
    /// Whether the operator asked to stop after the running step.
    var isStopping = false

    /// Whether a plan is the one that was asked for, and not the late answer to an older request.
    func isAwaited(_ answer: Plan) -> Bool {
        phase == .planning && answer.kind == awaited
    }

    /// Whether a plan is shown that waits for a yes.
    var isReady: Bool { if case .ready = phase { true } else { false } }
    /// Whether a plan is being executed.
    var isExecuting: Bool { if case .executing = phase { true } else { false } }
    /// Whether a plan has ended.
    var isOver: Bool { if case .finished = phase { true } else { false } }

    /// What is chosen to follow the plan that is shown.
    var afterwards: Afterwards { phase.prepared?.afterwards ?? Afterwards() }
}

/// How far the plan on the Plan screen is.
enum PlanPhase: Hashable, Sendable {
    /// The operator is choosing.
    case draft
    /// The plan was asked for and has not come yet.
    case planning
    /// The plan could not be made; the sentence says why.
    case refused(String)
    /// The plan is shown and waits for a yes.
    case ready(PreparedPlan)
    /// The plan is being executed.
    case executing(PreparedPlan)
    /// The plan ended.
    case finished(PreparedPlan, PlanEnding)

    /// The plan of the phases that have one.
    var prepared: PreparedPlan? {
        switch self {
        case .draft, .planning, .refused: nil
        case .ready(let plan), .executing(let plan), .finished(let plan, _): plan
        }
    }
}

/// A wait as the Plan screen shows it.
struct ShownWait: Hashable, Sendable {
    /// What is waited for.
    var wait: PlanWait
    /// When it ends, by the console's clock.
    var end: Double
    /// Connections left, by node and bucket; nil before the first count.
    var left: [String: [Int: Int]]?
    /// The most that were ever left.
    var most = 0
}
