import ClusterModel

extension Planner {
    /// A plan that takes another one back: every bucket that it gave to a node goes to where it came from.
    ///
    /// What never left its old owner, or is back there, is left out.
    ///
    /// - Throws: `PlanError` when a bucket is on a third node, or cannot move.
    public func inverse(of plan: Plan) throws(PlanError) -> Plan {
        var wishes: [(bucket: Int, target: Int)] = []
        for move in plan.inverse {
            try requireNoThird(move)
            wishes.append((move.bucket, try taker(move.to)))
        }
        let nothing = PlanError.nothingToMove("there is nothing to take back: every bucket is where it came from")
        return try self.plan(moves(wishes, else: nothing), for: .undo(plan))
    }

    private func requireNoThird(_ move: Move) throws(PlanError) {
        guard let owner = snapshot.owner(of: move.bucket)?.name, owner != move.from, owner != move.to else { return }
        throw .changedSince("bucket \(move.bucket) is now on \(owner)")
    }

    /// Refuses a plan whose world has changed since it was made.
    ///
    /// - Throws: `PlanError.changedSince` with what changed.
    public func requireCurrent(_ plan: Plan) throws(PlanError) {
        let buckets = plan.buckets
        for node in snapshot.nodes {
            let (then, now) = (plan.before[node.name] ?? Ownership(), node.ownership)
            let changed = then.owned.difference(now.owned).union(then.adopted.difference(now.adopted))
                .intersection(buckets)
            guard let bucket = changed.first(where: { _ in true }) else { continue }
            throw .changedSince(
                "bucket \(bucket) was \(then.state(of: bucket)?.rawValue ?? "not owned") on \(node.name) and is now "
                    + (now.state(of: bucket)?.rawValue ?? "not owned"))
        }
    }
}

extension BucketSet {
    /// The buckets in one of the two sets alone.
    fileprivate func difference(_ other: Self) -> Self { subtracting(other).union(other.subtracting(self)) }
}
