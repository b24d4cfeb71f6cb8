import ClusterModel
import Planning

/// The Plan screen: what the operator chooses, and the plan that came of it.
public struct PlanDesk: Hashable, Sendable {
    /// A line of the form that can be selected.
    public enum Field: Int, CaseIterable, Sendable { case buckets, target, mode }

    /// The buckets to move; the same set that is marked on the other screens.
    public var buckets = BucketSet()
    /// The name of the node that gets them; nil: not chosen.
    public var target: String?
    /// How the old owners give them up.
    public var mode: MoveMode = .graceful
    /// The selected line of the form.
    public var field: Field = .buckets
    /// How far the plan is.
    public var phase: PlanPhase = .draft
    /// What the last plan was asked for.
    var request: PlanRequest?
    /// The first visible line of a plan that is longer than the screen.
    public var scroll = 0
    /// What the executed plan waits for, when every bucket is in place; nil before.
    var waiting: ShownWait?
    /// Whether the operator asked to stop after the running step.
    public var isStopping = false

    /// An empty desk.
    public init() {}

    /// Whether a plan is the one that was asked for, and not the late answer to an older request.
    func isAwaited(_ answer: Plan) -> Bool {
        phase == .planning && answer.title == request?.title && answer.mode == request?.mode
    }

    /// Whether a plan is being executed.
    public var isExecuting: Bool {
        if case .executing = phase { return true }
        return false
    }
}
