import ClusterModel
import Responsibility

/// A checked change of ownership over several nodes, worked out and not yet begun.
public struct Plan: Hashable, Sendable, Codable {
    /// What the operator asked for, in words: "move 3,7-9 to node2".
    public var title: String
    /// Why the operator wants it, in their own words; nil when they gave no reason.
    public var reason: String?
    /// The cluster address.
    public var address: IPAddress
    /// The id of the operation; letters, digits and '-'.
    public var operation: String
    /// How the old owners give up their buckets.
    public var mode: MoveMode
    /// Each bucket's way from one node to another.
    public var moves: [Move]
    /// What may go wrong or be noticed by clients, by name.
    public var risks: [Risk]
    /// Ownership of each node, by name, when the plan was made.
    public var before: [String: Ownership]
    /// What is touched on each node that gives buckets up, by name; nil when nothing is known of it.
    public var impact: [String: Impact]?
    /// How a load is spread before and after; nil when the plan is not about that.
    public var balance: Balance?
    /// Buckets that nodes drain which are not in `before`, because the plan asks nothing of them.
    public var drainedElsewhere: BucketSet?
    /// What is ended on each node, by name, when the plan moves nothing: its draining, and its adopting; nil otherwise.
    public var closing: [String: Ownership]?

    /// A plan from its parts.
    public init(
        title: String, reason: String? = nil, address: IPAddress, operation: String, mode: MoveMode, moves: [Move],
        risks: [Risk], before: [String: Ownership], impact: [String: Impact]? = nil, balance: Balance? = nil,
        closing: [String: Ownership]? = nil
    ) {
        self.title = title
        self.reason = reason
        self.address = address
        self.operation = operation
        self.mode = mode
        self.moves = moves
        self.risks = risks
        self.before = before
        self.impact = impact
        self.balance = balance
        self.closing = closing
    }
}
