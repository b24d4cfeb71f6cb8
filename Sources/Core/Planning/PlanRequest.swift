import ClusterModel

/// What an operator wants of a cluster, before it is worked out.
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
    case settle(String?)
    /// What a plan moved back where it came from.
    case undo(Plan)
    /// What a plan that was cut off has not moved yet.
    case finish(Plan)

    /// The request in words: "move 3,7-9 to node2".
    public var title: String {
        switch self {
        case .move(let buckets, let target, _): "move \(buckets.summary) to \(target)"
        case .drain(let node, _): "drain \(node)"
        case .restore(let node, _): "restore \(node)"
        case .takeOver(let node, let target): "take over from \(node)" + (target.map { " to \($0)" } ?? "")
        case .repair: "repair"
        case .rebalance(let measure, _): "rebalance by \(measure)"
        case .settle(let node): "settle" + (node.map { " \($0)" } ?? "")
        case .undo(let plan): "undo: \(plan.title)"
        case .finish(let plan): "finish: \(plan.title)"
        }
    }

    /// How the old owners give up their buckets.
    public var mode: MoveMode {
        switch self {
        case .move(_, _, let mode), .drain(_, let mode), .restore(_, let mode), .rebalance(_, let mode): mode
        case .takeOver: .takeOver
        case .repair, .undo, .settle: .graceful
        case .finish(let plan): plan.mode
        }
    }
}
