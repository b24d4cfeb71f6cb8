import ClusterModel

/// One request to one node within a plan.
public struct PlanStep: Hashable, Sendable, Codable {
    /// What a step does for the plan.
    public enum Purpose: String, Sendable, Codable {
        /// The old owner gives its buckets up.
        case release
        /// The new owner takes them.
        case claim
    }

    /// The node that carries the step out.
    public var node: String
    /// What it does for the plan.
    public var purpose: Purpose
    /// The change, with what it expects to find.
    public var request: StepRequest
    /// Nodes whose release must have succeeded first.
    public var after: Set<String>

    /// A step from its parts.
    public init(node: String, purpose: Purpose, request: StepRequest, after: Set<String> = []) {
        self.node = node
        self.purpose = purpose
        self.request = request
        self.after = after
    }
}
