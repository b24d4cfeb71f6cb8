import ClusterModel

/// What an operator asks for, before it is worked out.
public enum PlanRequest: Hashable, Sendable {
    /// Buckets on another node; by take-over when their owners are dead.
    case move(BucketSet, to: String, mode: MoveMode)
    /// Nothing on this node any more: its buckets on the other live nodes, evenly.
    case drain(String, mode: MoveMode)
    /// What was taken from the node back on it; when no kernel knows what that was, its fair share, with the fewest moves.
    case restore(String, mode: MoveMode)
    /// A dead node's buckets on this node, or on all live nodes evenly.
    case takeOver(String, to: String?)
    /// Exactly one owner for every bucket.
    case repair
    /// The load spread fairly, with the fewest moves.
    case rebalance(Measure, mode: MoveMode)
    /// An end of draining and adopting, on one node or on all; nothing moves.
    case finalize(String?)
    /// Lost connections of one node, or of all, let in for a while: those whose sockets live go on, the others are reset.
    case adopt(String?)
    /// Every node a member with these settings; these buckets on these nodes, or all of a new cluster's evenly.
    case install(ClusterConfiguration, own: [String: BucketSet], driver: String? = nil)
    /// The node a member like the others, on this interface or the one it has.
    case join(String, interface: String?)
    /// The node's table made anew with the settings of most nodes, on this interface or the one it has.
    case reinstall(String, interface: String?)
    /// The node, which owns nothing, no member any more.
    case leave(String)
    /// No node a member any more.
    case end
    /// So many buckets, a multiple or a divisor of those there are.
    case resize(Int)

    /// How the old owners give up their buckets.
    public var mode: MoveMode {
        switch self {
        case .move(_, _, let mode), .drain(_, let mode), .restore(_, let mode), .rebalance(_, let mode): mode
        case .takeOver: .takeOver
        case .repair, .finalize, .adopt, .install, .join, .reinstall, .leave, .end, .resize: .graceful
        }
    }
}

/// What an operator asks for about an earlier plan; it is worked out from what the kernels hold.
public enum RecoveryRequest: Hashable, Sendable {
    /// What the plan has not done yet.
    case finish(Plan)
    /// What the plan has moved, back where it came from.
    case undo(Plan)

    /// The earlier plan.
    public var plan: Plan {
        switch self {
        case .finish(let plan), .undo(let plan): plan
        }
    }

    /// What the new plan is for.
    public var kind: PlanKind {
        switch self {
        case .finish(let plan): .finish(plan.kind)
        case .undo(let plan): .undo(plan.kind)
        }
    }
}

/// What a plan is for.
public indirect enum PlanKind: Hashable, Sendable {
    /// What an operator asked for.
    case requested(PlanRequest)
    /// The rest of an earlier plan.
    case finish(PlanKind)
    /// The way back of an earlier plan.
    case undo(PlanKind)
    /// A plan of another version of this program, by its title.
    case unknown(title: String)
}

extension PlanRequest {
    /// Whether it is about who is a member, or how members place flows, and buckets move for that alone.
    public var isAboutMembers: Bool {
        switch self {
        case .install, .join, .reinstall, .leave, .end, .resize: true
        case .move, .drain, .restore, .takeOver, .repair, .rebalance, .finalize, .adopt: false
        }
    }
}

extension PlanKind {
    /// The node that is to own nothing any more, and gets its buckets back by `restore`; nil of other plans.
    public var emptied: String? {
        switch self {
        case .requested(.drain(let node, _)), .requested(.takeOver(let node, _)): node
        case .finish(let kind): kind.emptied
        case .requested, .undo, .unknown: nil
        }
    }

    /// Whether it is about who is a member; nil of another version's plan.
    public var isAboutMembers: Bool? {
        switch self {
        case .requested(let request): request.isAboutMembers
        case .finish(let kind), .undo(let kind): kind.isAboutMembers
        case .unknown: nil
        }
    }
}

extension PlanRequest: Codable {
    private enum MoveCodingKeys: String, CodingKey { case _0 = "buckets", to, mode }
    private enum DrainCodingKeys: String, CodingKey { case _0 = "node", mode }
    private enum RestoreCodingKeys: String, CodingKey { case _0 = "node", mode }
    private enum TakeOverCodingKeys: String, CodingKey { case _0 = "node", to }
    private enum RebalanceCodingKeys: String, CodingKey { case _0 = "measure", mode }
    private enum FinalizeCodingKeys: String, CodingKey { case _0 = "node" }
    private enum AdoptCodingKeys: String, CodingKey { case _0 = "node" }
    private enum InstallCodingKeys: String, CodingKey { case _0 = "settings", own, driver }
    private enum JoinCodingKeys: String, CodingKey { case _0 = "node", interface }
    private enum ReinstallCodingKeys: String, CodingKey { case _0 = "node", interface }
    private enum LeaveCodingKeys: String, CodingKey { case _0 = "node" }
    private enum ResizeCodingKeys: String, CodingKey { case _0 = "buckets" }
}

extension PlanKind: Codable {
    private enum RequestedCodingKeys: String, CodingKey { case _0 = "request" }
    private enum FinishCodingKeys: String, CodingKey { case _0 = "plan" }
    private enum UndoCodingKeys: String, CodingKey { case _0 = "plan" }
}
