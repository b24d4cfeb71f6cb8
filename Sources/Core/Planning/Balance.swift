/// How a load is spread over nodes before and after a plan.
public struct Balance: Hashable, Sendable, Codable {
    /// What the loads count: "buckets" or "packets/s".
    public var unit: String
    /// What each node should carry, by name.
    public var fair: [String: Double]
    /// What each node carries before the plan.
    public var before: [String: Double]
    /// What it carries afterwards; rates are those measured before.
    public var after: [String: Double]

    /// A balance from its parts.
    public init(unit: String, fair: [String: Double], before: [String: Double], after: [String: Double]) {
        self.unit = unit
        self.fair = fair
        self.before = before
        self.after = after
    }

    /// The part of the load that is on the wrong node before the plan, 0…1.
    public var imbalanceBefore: Double { imbalance(before) }

    /// The part of the load that is on the wrong node after the plan, 0…1.
    public var imbalanceAfter: Double { imbalance(after) }

    private func imbalance(_ loads: [String: Double]) -> Double {
        // In the order of names: a sum of fractions depends on its order.
        let names = loads.keys.sorted()
        let total = names.reduce(0) { $0 + (loads[$1] ?? 0) }
        guard total > 0 else { return 0 }
        return names.reduce(0) { $0 + max((loads[$1] ?? 0) - (fair[$1] ?? 0), 0) } / total
    }
}
