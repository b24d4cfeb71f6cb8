import ClusterModel
import Planning

/// A plan with its steps and how far each of them is.
public struct PreparedPlan: Hashable, Sendable {
    /// The plan.
    public internal(set) var plan: Plan
    /// What it does on each node, in order.
    public let steps: [PlanStep]
    /// How far each step is; one that is missing waits.
    private var progress: [StepID: StepProgress] = [:]
    /// What is done when every bucket is in place.
    public internal(set) var afterwards = Afterwards()

    /// A plan of which nothing has begun.
    public init(_ plan: Plan) {
        self.plan = plan
        steps = plan.steps.filter { $0.role != .guard && $0.role != .drop }
    }

    /// What may go wrong, also by what was chosen to follow.
    public var risks: [Risk] {
        plan.risks + (afterwards.resets ? afterwards.wait.map(plan.deadlineRisks) ?? [] : [])
    }

    /// How far a step is.
    public func progress(of step: StepID) -> StepProgress { progress[step] ?? .waiting }

    /// Notes how far a step is.
    public mutating func note(_ value: StepProgress, step: StepID) { progress[step] = value }

    /// The names of the risks that must be forced.
    public var forcedRisks: [String] { risks.filter(\.mustBeForced).map(\.name) }

    /// What the operator types to accept the risks that must be forced: the nodes whose clients can be cut off, or the
    /// cluster's name when there is none.
    public func wordToType(clusterName: String) -> String {
        let nodes = risks.filter(\.mustBeForced).compactMap(\.node)
        let distinct = nodes.indices.filter { !nodes[..<$0].contains(nodes[$0]) }.map { nodes[$0] }
        return distinct.isEmpty ? clusterName : distinct.joined(separator: " ")
    }
}
