import ClusterModel
import Planning

/// A plan with its steps and how far each of them is.
public struct PreparedPlan: Hashable, Sendable {
    /// The plan.
    public var plan: Plan
    /// What it does on each node, in order.
    public var steps: [PlanStep]
    /// How far each step is; as many as steps.
    public private(set) var progress: [StepProgress]

    /// A plan of which nothing has begun.
    public init(plan: Plan, steps: [PlanStep]) {
        self.plan = plan
        self.steps = steps
        progress = Array(repeating: .waiting, count: steps.count)
    }

    /// Notes how far a step is; an index that is no step's is ignored.
    public mutating func note(_ value: StepProgress, step: Int) {
        if progress.indices.contains(step) { progress[step] = value }
    }

    /// The names of the risks that must be forced.
    public var forcedRisks: [String] { plan.risks.filter(\.mustBeForced).map(\.name) }

    /// The ownership of a node when the plan is done: drains have not ended, since that takes its time.
    public func after(node: String) -> Ownership {
        var ownership = plan.before[node] ?? Ownership()
        for step in steps where step.node == node {
            for change in step.request.changes { ownership.set(change.bucket, to: change.to) }
        }
        return ownership
    }

    /// The moved buckets that, by these ownerships, are not answered by their target alone.
    public func misplaced(in ownerships: [String: Ownership]) -> BucketSet {
        var wrong = BucketSet()
        for move in plan.moves {
            let answering = ownerships.filter { $0.value.state(of: move.bucket)?.answersNewFlows == true }
            if answering.count != 1 || answering.first?.key != move.to { wrong.insert(move.bucket) }
        }
        return wrong
    }
}
