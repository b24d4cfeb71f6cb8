import ClusterModel
import Planning

/// A plan with its steps and how far each of them is.
public struct PreparedPlan: Hashable, Sendable {
    /// The plan.
    public let plan: Plan
    /// What it does on each node, in order.
    public let steps: [PlanStep]
    /// How far each step is; as many as steps.
    public private(set) var progress: [StepProgress]

    /// A plan of which nothing has begun.
    public init(_ plan: Plan) {
        self.plan = plan
        steps = plan.steps
        progress = Array(repeating: .waiting, count: steps.count)
    }

    /// Notes how far a step is; an index that is no step's is ignored.
    public mutating func note(_ value: StepProgress, step: Int) {
        if progress.indices.contains(step) { progress[step] = value }
    }

    /// The names of the risks that must be forced.
    public var forcedRisks: [String] { plan.risks.filter(\.mustBeForced).map(\.name) }

    /// What the operator types to accept the risks that must be forced: the nodes whose clients can be cut off, or the
    /// cluster's name when there is none.
    public func wordToType(clusterName: String) -> String {
        let nodes = plan.risks.filter(\.mustBeForced).compactMap(\.node)
        let distinct = nodes.indices.filter { !nodes[..<$0].contains(nodes[$0]) }.map { nodes[$0] }
        return distinct.isEmpty ? clusterName : distinct.joined(separator: " ")
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
