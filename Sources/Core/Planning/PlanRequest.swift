import ClusterModel

/// What an operator asks for, before it is worked out.
public enum PlanRequest: Hashable, Sendable {
    /// Buckets on another node; by take-over when their owners are dead.
    case move(BucketSet, to: String, mode: MoveMode)
    /// Nothing on this node any more: its buckets on the other live nodes, evenly.
    case drain(String, mode: MoveMode)
    /// The node's fair share back on it, with the fewest moves.
    case restore(String, mode: MoveMode)
    /// A dead node's buckets on this node, or on all live nodes evenly.
    case takeOver(String, to: String?)
    /// Exactly one owner for every bucket.
    case repair
    /// The load spread fairly, with the fewest moves.
    case rebalance(Measure, mode: MoveMode)
    /// An end of draining and adopting, on one node or on all; nothing moves.
    case finalize(String?)

    /// How the old owners give up their buckets.
    public var mode: MoveMode {
        switch self {
        case .move(_, _, let mode), .drain(_, let mode), .restore(_, let mode), .rebalance(_, let mode): mode
        case .takeOver: .takeOver
        case .repair, .finalize: .graceful
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

extension PlanRequest: Codable {
    private enum MoveCodingKeys: String, CodingKey { case _0 = "buckets", to, mode }
    private enum DrainCodingKeys: String, CodingKey { case _0 = "node", mode }
    private enum RestoreCodingKeys: String, CodingKey { case _0 = "node", mode }
    private enum TakeOverCodingKeys: String, CodingKey { case _0 = "node", to }
    private enum RebalanceCodingKeys: String, CodingKey { case _0 = "measure", mode }
    private enum FinalizeCodingKeys: String, CodingKey { case _0 = "node" }
}

extension PlanKind: Codable {
    private enum RequestedCodingKeys: String, CodingKey { case _0 = "request" }
    private enum FinishCodingKeys: String, CodingKey { case _0 = "plan" }
    private enum UndoCodingKeys: String, CodingKey { case _0 = "plan" }
}
