import ClusterModel
import Planning

/// One step of an operation, as the journal keeps it.
public struct RecordedStep: Hashable, Sendable, Codable {
    /// How far a step has come.
    public enum State: String, Sendable, Codable {
        /// It was never sent so far.
        case waiting
        /// It was to be sent; whether it was, and whether the node did it, was not written.
        case sent
        /// The node's kernel has it.
        case done
        /// The node did not do it.
        case refused
        /// Whether the node did it is not known.
        case unknown
        /// It will not be sent.
        case skipped
    }

    /// Its place in the operation, from 0.
    public var position: Int
    /// The node that carries it out.
    public var node: String
    /// What it does for the plan.
    public var purpose: PlanStep.Purpose
    /// Why it is there: "planned", or what else the execution does it for, such as "givingBack".
    public var part: String
    /// The change, with what it expects to find.
    public var request: StepRequest
    /// When it was to be sent first, UTC as "2026-11-22T14:02:31.045Z"; nil when never.
    public var intended: String?
    /// When it was over, in the same form; nil when that was not written.
    public var concluded: String?
    /// How far it has come.
    public var state: State
    /// Why it was not done; nil when it was, or is not over.
    public var reason: String?

    /// A step from its parts.
    public init(
        position: Int, step: PlanStep, part: String = "planned", intended: String? = nil, concluded: String? = nil,
        state: State = .waiting, reason: String? = nil
    ) {
        self.position = position
        node = step.node
        purpose = step.purpose
        request = step.request
        self.part = part
        self.intended = intended
        self.concluded = concluded
        self.state = state
        self.reason = reason
    }

    /// The step as plans have it.
    public var planStep: PlanStep { PlanStep(node: node, purpose: purpose, request: request) }
}
