import ClusterModel
import Responsibility

/// What a plan does to a node's membership of a cluster.
public enum MembershipChange: Hashable, Sendable {
    /// The node, which has no table, gets one with these settings and owns nothing at first.
    ///
    /// The driver enforces it that is named; nil: the first that its agent has.
    case admit(ClusterConfiguration, driver: String? = nil)
    /// The node's table is made anew with these settings in place of its own; it keeps what it owns, or owns nothing at first.
    case rebuild(ClusterConfiguration, from: ClusterConfiguration, keeping: Bool)
    /// The node, which has these settings, owns nothing and keeps no connection, stops being a member.
    case leave(ClusterConfiguration)
    /// The node, which has these settings, stops being a member whatever it owns; the whole cluster ends.
    case end(ClusterConfiguration)

    /// The settings that the node has after the change; those that it had, when it is no member any more.
    public var configuration: ClusterConfiguration {
        switch self {
        case .admit(let configuration, _), .rebuild(let configuration, _, _), .leave(let configuration),
            .end(let configuration):
            configuration
        }
    }

    /// What the step that makes the change does for its plan.
    public var role: StepRole {
        switch self {
        case .admit: .admit
        case .rebuild: .rebuild
        case .leave: .leave
        case .end: .end
        }
    }

    /// Whether the node owns nothing right after the change, whatever it owned before.
    public var isEmptying: Bool {
        if case .rebuild(_, _, let isKept) = self { return !isKept }
        return true
    }

    /// Whether the node is no member any more afterwards.
    var isDeparture: Bool {
        switch self {
        case .leave, .end: true
        case .admit, .rebuild: false
        }
    }

    /// Whether the node leaves whatever it owns.
    var isEnd: Bool {
        if case .end = self { true } else { false }
    }

    /// What takes the change back; nil when nothing need be done.
    public var inverse: MembershipChange? {
        switch self {
        case .admit(let configuration, _): .leave(configuration)
        case .leave(let configuration), .end(let configuration): .admit(configuration)
        case .rebuild(let new, let old, let isKept): new == old ? nil : .rebuild(old, from: new, keeping: isKept)
        }
    }
}

extension MembershipChange {
    /// How far the change has come on a node, by its kernel; nil: it could not be read, unless it is bare.
    func place(on node: String, _ kernel: Recovery.Kernel?, isBare: Bool) -> Recovery.Place {
        guard kernel != nil || isBare else { return .unseen(node: node) }
        switch self {
        case .admit(let settings, _):
            guard let kernel else { return .untouched }
            return kernel.configuration?.scheme == settings.scheme ? .moved : .overtaken(by: nil)
        case .rebuild(let settings, let old, _):
            guard let there = kernel?.configuration else { return .overtaken(by: nil) }
            return there == settings ? .moved : there == old ? .untouched : .overtaken(by: nil)
        case .leave, .end:
            return isBare ? .moved : .untouched
        }
    }
}

extension MembershipChange: Codable {
    private enum AdmitCodingKeys: String, CodingKey { case _0 = "settings", driver }
    private enum RebuildCodingKeys: String, CodingKey { case _0 = "settings", from, keeping }
    private enum LeaveCodingKeys: String, CodingKey { case _0 = "settings" }
    private enum EndCodingKeys: String, CodingKey { case _0 = "settings" }
}

extension Plan {
    /// What a node accepted when the plan was made, in the buckets that it has after it.
    func accepted(before node: String) -> BucketSet {
        let accepted = before[node]?.accepting ?? []
        guard case .rebuild(let new, let old, true) = membership[node] else { return accepted }
        return Resize(from: old.scheme, to: new.scheme)?(accepted) ?? accepted
    }
}

/// Who is a member, as each member's kernel is to list it.
public struct Roster: Hashable, Sendable, Codable {
    /// The names of the members when the plan is done.
    public var names: [String]
    /// The names that are taken out of the lists.
    public var gone: [String]
    /// The nodes whose kernels are told by a step of their own; a new member is told when it is admitted.
    public var readers: [String]

    /// A roster from its parts.
    public init(names: [String], gone: [String] = [], readers: [String]) {
        self.names = names
        self.gone = gone
        self.readers = readers
    }
}

/// The steps that change who is a member.
struct MembershipSteps {
    let plan: Plan

    init(_ plan: Plan) { self.plan = plan }

    /// One step for each node, and then the lists of members; tables are made anew one after the other, so that what a kernel refuses is tried on one node.
    var all: [PlanStep] {
        var earlier: [StepID] = []
        let changes = plan.membership.sorted { $0.key < $1.key }.map { node, change in
            let id = StepID(change.role, on: node)
            defer { if case .rebuild = change { earlier = [id] } }
            return PlanStep(
                id, .membership(plan.address, change), needs: change.role == .rebuild ? earlier : [])
        }
        return changes + lists(after: changes)
    }

    private func lists(after changes: [PlanStep]) -> [PlanStep] {
        guard let roster = plan.roster else { return [] }
        return roster.readers.sorted().map { node in
            let own = changes.filter { $0.node == node }.map(\.id)
            return PlanStep(
                StepID(.enroll, on: node), .enroll(plan.address, adding: roster.names, removing: roster.gone),
                needs: own, waits: changes.map(\.id).filter { !own.contains($0) })
        }
    }
}
