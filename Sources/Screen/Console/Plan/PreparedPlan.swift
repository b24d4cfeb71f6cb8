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
    /// What is done when every bucket is in place.
    public internal(set) var afterwards = Afterwards()

    /// A plan of which nothing has begun.
    public init(_ plan: Plan) {
        self.plan = plan
        steps = plan.steps + Self.closings(plan)
        progress = Array(repeating: .waiting, count: steps.count)
    }

    /// The steps of a plan that moves nothing, but ends draining and adopting.
    private static func closings(_ plan: Plan) -> [PlanStep] {
        func step(_ node: String, _ buckets: BucketSet, _ purpose: PlanStep.Purpose) -> PlanStep? {
            let isRelease = purpose == .release
            let changes = buckets.map {
                StepRequest.Change(bucket: $0, from: isRelease ? .draining : .adopted, to: isRelease ? nil : .owned)
            }
            let request = StepRequest(operation: plan.operation, address: plan.address, changes: changes)
            return changes.isEmpty ? nil : PlanStep(node: node, purpose: purpose, request: request)
        }
        return (plan.closing ?? [:]).sorted { $0.key < $1.key }.flatMap { node, ownership in
            [step(node, ownership.draining, .release), step(node, ownership.adopted, .claim)].compactMap { $0 }
        }
    }

    /// What may go wrong, also by what was chosen to follow.
    public var risks: [Risk] {
        plan.risks + (afterwards.resets ? plan.deadlineRisks(afterwards.time) : [])
    }

    /// Notes how far a step is; an index that is no step's is ignored.
    public mutating func note(_ value: StepProgress, step: Int) {
        if progress.indices.contains(step) { progress[step] = value }
    }

    /// The names of the risks that must be forced.
    public var forcedRisks: [String] { risks.filter(\.mustBeForced).map(\.name) }

    /// What the operator types to accept the risks that must be forced: the nodes whose clients can be cut off, or the
    /// cluster's name when there is none.
    public func wordToType(clusterName: String) -> String {
        let nodes = risks.filter(\.mustBeForced).compactMap(\.node)
        let distinct = nodes.indices.filter { !nodes[..<$0].contains(nodes[$0]) }.map { nodes[$0] }
        return distinct.isEmpty ? clusterName : distinct.joined(separator: " ")
    }

    /// The moved buckets that, by these ownerships, are not answered by their target alone.
    public func misplaced(in ownerships: [String: Ownership]) -> BucketSet {
        var wrong = BucketSet()
        for move in plan.moves {
            let accepting = ownerships.filter { $0.value.state(of: move.bucket)?.acceptsNewFlows == true }
            if accepting.count != 1 || accepting.first?.key != move.to { wrong.insert(move.bucket) }
        }
        return wrong
    }
}
