import ClusterModel
import Planning

/// One step of an operation, as the journal keeps it.
public struct RecordedStep: Hashable, Sendable {
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

    /// What a step is, as it is written down.
    public enum Content: Hashable, Sendable {
        /// A step that this version knows.
        case step(PlanStep)
        /// A step of another version: what it does for its plan, why it is there, and its request, as that version wrote them.
        case unknown(purpose: String, part: String, request: String)
    }

    /// Its place in the operation, from 0.
    public var position: Int
    /// The node that carries it out.
    public var node: String
    /// What it is.
    public var content: Content
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
        position: Int, step: PlanStep, intended: String? = nil, concluded: String? = nil, state: State = .waiting,
        reason: String? = nil
    ) {
        self.init(
            position: position, node: step.node, content: .step(step), intended: intended, concluded: concluded,
            state: state, reason: reason)
    }

    /// A step from its parts, also one that this version does not know.
    public init(
        position: Int, node: String, content: Content, intended: String? = nil, concluded: String? = nil,
        state: State = .waiting, reason: String? = nil
    ) {
        self.position = position
        self.node = node
        self.content = content
        self.intended = intended
        self.concluded = concluded
        self.state = state
        self.reason = reason
    }

    /// The step as plans have it; nil when this version does not know it.
    public var step: PlanStep? {
        if case .step(let step) = content { step } else { nil }
    }
}

/// How steps stand in the database: what a step does for its plan, why it is there, and its request.
extension RecordedStep.Content {
    private static let names: [StepRole: (purpose: String, part: String)] = [
        .guard: ("release", "guarding"), .release: ("release", "planned"), .drop: ("release", "dropping"),
        .claim: ("claim", "planned"), .giveBack: ("claim", "givingBack"), .endDrain: ("release", "endingDrain"),
        .adopt: ("claim", "adopting"), .finalize: ("claim", "settling"),
    ]

    /// The step of a row; one that this version does not know, or whose request it cannot read, stays as it is written.
    init(node: String, purpose: String, part: String, request: StepRequest?, text: String) {
        guard let role = Self.names.first(where: { $0.value == (purpose, part) })?.key, let request else {
            self = .unknown(purpose: purpose, part: part, request: text)
            return
        }
        let buckets = BucketSet(request.changes.map(\.bucket))
        self = .step(
            PlanStep(
                StepID(role, on: node),
                role == .drop ? .dropConnections(request.address, buckets) : .change(request)))
    }

    /// What the step does for its plan, and why it is there, in the journal's words.
    var names: (purpose: String, part: String) {
        switch self {
        case .step(let step): Self.names[step.role] ?? (step.role.rawValue, step.role.rawValue)
        case .unknown(let purpose, let part, _): (purpose, part)
        }
    }

    /// The step's request as it is written: a drop as a change that changes nothing; nil for what this version does not know.
    func request(of operation: String) -> StepRequest? {
        guard case .step(let step) = self else { return nil }
        switch step.action {
        case .change(let request): return request
        case .dropConnections(let address, let buckets):
            return StepRequest(
                operation: operation, address: address,
                changes: buckets.map { StepRequest.Change(bucket: $0, from: nil, to: nil) })
        }
    }
}

extension RecordedStep: Encodable {
    private enum Key: String, CodingKey {
        case position, node, purpose, part, role, buckets, request, intended, concluded, state, reason
    }

    /// Encodes the step with the journal's own words for it, and its role where this version knows it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(position, forKey: .position)
        try container.encode(node, forKey: .node)
        try container.encode(content.names.purpose, forKey: .purpose)
        try container.encode(content.names.part, forKey: .part)
        try container.encodeIfPresent(step?.role, forKey: .role)
        try container.encodeIfPresent(step?.buckets, forKey: .buckets)
        switch content {
        case .step(let step):
            if case .change(let request) = step.action { try container.encode(request, forKey: .request) }
        case .unknown(_, _, let request): try container.encode(request, forKey: .request)
        }
        try container.encodeIfPresent(intended, forKey: .intended)
        try container.encodeIfPresent(concluded, forKey: .concluded)
        try container.encode(state, forKey: .state)
        try container.encodeIfPresent(reason, forKey: .reason)
    }
}
