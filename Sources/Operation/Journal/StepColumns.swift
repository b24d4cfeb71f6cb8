import ClusterModel
import FoundationEssentials
import Planning
import Responsibility
import Wording

/// How a step stands in the journal's columns: what it does for its plan, why it is there, its request, how far it has come.
extension JournalStep.Content {
    private static let names: [StepRole: (purpose: String, part: String)] = [
        .guard: ("release", "guarding"), .release: ("release", "planned"), .drop: ("release", "dropping"),
        .claim: ("claim", "planned"), .giveBack: ("claim", "givingBack"), .endDrain: ("release", "endingDrain"),
        .adopt: ("claim", "adopting"), .finalize: ("claim", "settling"),
        .admit: ("membership", "admitting"), .rebuild: ("membership", "rebuilding"),
        .leave: ("membership", "leaving"), .end: ("membership", "ending"), .enroll: ("membership", "listing"),
    ]

    /// The request of a step that changes who is a member, as it is written.
    private struct Membership: Codable {
        var address: IPAddress
        var membership: MembershipChange
    }

    /// The request of a step that lists members, as it is written.
    private struct Enrollment: Codable {
        var address: IPAddress
        var adding: [String]
        var removing: [String]
    }

    /// The step of a row; one that this version does not know, or whose request it cannot read, stays as it is written.
    init(node: String, purpose: String, part: String, request text: String) {
        guard let role = Self.names.first(where: { $0.value == (purpose, part) })?.key,
            let action = Self.action(of: role, text)
        else {
            self = .unknown(purpose: purpose, part: part, request: text.madeSafe(limit: 500))
            return
        }
        self = .step(PlanStep(StepID(role, on: node), action))
    }

    private static func action(of role: StepRole, _ text: String) -> StepAction? {
        if role == .enroll {
            let found = try? JSONDecoder().decode(Enrollment.self, from: Data(text.safeJSON.utf8))
            return found.map { .enroll($0.address, adding: $0.adding, removing: $0.removing) }
        }
        if role.isMembership {
            let found = try? JSONDecoder().decode(Membership.self, from: Data(text.safeJSON.utf8))
            return found.map { .membership($0.address, $0.membership) }
        }
        guard let request = try? JSONDecoder().decode(StepRequest.self, from: Data(text.utf8)).madeSafe else {
            return nil
        }
        let buckets = BucketSet(request.changes.map(\.bucket))
        return role == .drop ? .dropConnections(request.address, buckets) : .change(request)
    }

    /// What the step does for its plan, and why it is there, in the journal's words.
    var names: (purpose: String, part: String) {
        switch self {
        case .step(let step): Self.names[step.role] ?? (step.role.rawValue, step.role.rawValue)
        case .unknown(let purpose, let part, _): (purpose, part)
        }
    }

    /// The step's request as it is written: a drop as a change that changes nothing; that of a step which this version does
    /// not know stays as it was.
    func request(of operation: String) throws -> String {
        switch self {
        case .unknown(_, _, let request): return request
        case .step(let step):
            switch step.action {
            case .change(let request): return try StepText.text(of: request) ?? JournalJSON.text(request)
            case .membership(let address, let change):
                return try JournalJSON.text(Membership(address: address, membership: change))
            case .enroll(let address, let adding, let removing):
                return try JournalJSON.text(Enrollment(address: address, adding: adding, removing: removing))
            case .dropConnections(let address, let buckets):
                return try JournalJSON.text(
                    StepRequest(
                        operation: operation, address: address,
                        changes: buckets.map { StepRequest.Change(bucket: $0, from: nil, to: nil) }))
            }
        }
    }
}

extension JournalEntry.Outcome {
    /// What became of an operation that has ended, by its column.
    init(column word: String) { self = JournalEntry.Ending(rawValue: word).map { .ended($0) } ?? .unknown(word) }
}

extension StepProgress {
    /// How far a step has come, by its columns; a state that is not known is *unknown*.
    init(state: String, reason: String?) {
        let failure = StepFailure.recorded(reason ?? "no reason was written down")
        switch state {
        case "waiting": self = .waiting
        case "sent": self = .running(attempt: 1)
        case "done": self = .done
        case "refused": self = .refused(failure)
        case "skipped": self = .skipped(failure)
        default: self = .unknown(failure)
        }
    }

    /// The journal's word for how far a step has come.
    var column: String {
        switch self {
        case .waiting: "waiting"
        case .running: "sent"
        case .done: "done"
        case .refused: "refused"
        case .unknown: "unknown"
        case .skipped: "skipped"
        }
    }
}

extension JournalStep: Encodable {
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
            switch step.action {
            case .change(let request): try container.encode(request, forKey: .request)
            case .membership(_, let change): try container.encode(change, forKey: .request)
            case .dropConnections, .enroll: break
            }
        case .unknown(_, _, let request): try container.encode(request, forKey: .request)
        }
        try container.encodeIfPresent(intended, forKey: .intended)
        try container.encodeIfPresent(concluded, forKey: .concluded)
        try container.encode(progress.column, forKey: .state)
        try container.encodeIfPresent(progress.failure?.sentence, forKey: .reason)
    }
}

extension StepRequest {
    /// The request with every text of it made safe for a terminal.
    fileprivate var madeSafe: StepRequest {
        var request = self
        request.operation = operation.madeSafe(limit: 64)
        for index in changes.indices { request.changes[index].by = changes[index].by?.madeSafe(limit: 64) }
        return request
    }
}
