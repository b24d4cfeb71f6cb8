import ClusterModel

/// How the world of a plan has changed since the plan was made: the first node whose buckets changed.
public struct Staleness: Hashable, Sendable {
    /// The node.
    public let node: String
    /// Its buckets of the plan that changed in the same way.
    public let buckets: BucketSet
    /// Their state when the plan was made; nil: the node had nothing to do with them.
    public let then: BucketState?
    /// Their state now.
    public let now: BucketState?
    /// The nodes that own the first of them now.
    public let owners: [String]

    /// What has changed of a plan's buckets in a cluster; nil while the plan is current.
    public init?(_ plan: Plan, in snapshot: ClusterSnapshot) {
        let planned = plan.buckets
        for status in snapshot.nodes where plan.membership[status.name]?.isEmptying != true {
            let (then, now) = (plan.before[status.name] ?? Ownership(), status.ownership)
            let changed = then.owned.difference(now.owned).union(then.adopted.difference(now.adopted))
                .intersection(planned)
            guard let first = changed.first(where: { _ in true }) else { continue }
            let (before, after) = (then.state(of: first), now.state(of: first))
            (node, self.then, self.now) = (status.name, before, after)
            buckets = BucketSet(changed.filter { then.state(of: $0) == before && now.state(of: $0) == after })
            owners = snapshot.nodes.filter { $0.state != .unreachable && $0.ownership.accepts(first) }
                .map(\.name)
            return
        }
        return nil
    }
}

extension Planner {
    /// Refuses a plan whose world has changed since it was made.
    ///
    /// - Throws: `PlanError.changedSince` with what changed.
    public func requireCurrent(_ plan: Plan) throws(PlanError) {
        if let staleness = Staleness(plan, in: snapshot) { throw .changedSince(staleness) }
    }
}

extension BucketSet {
    /// The buckets in one of the two sets alone.
    fileprivate func difference(_ other: Self) -> Self { subtracting(other).union(other.subtracting(self)) }
}
