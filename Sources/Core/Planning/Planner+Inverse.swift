import ClusterModel

extension Planner {
    /// A plan that takes another one back: every bucket that it gave to a node goes to where it came from.
    ///
    /// - Throws: `PlanError` when a bucket is no longer where the plan put it, or cannot move.
    public func inverse(of plan: Plan) throws(PlanError) -> Plan {
        let wishes = plan.moves.compactMap { move in move.from.map { (bucket: move.bucket, target: $0) } }
        for move in plan.moves where move.from != nil {
            guard let owner = snapshot.owner(of: move.bucket), owner.name != move.to else { continue }
            throw .changedSince("bucket \(move.bucket) is no longer on \(move.to) but on \(owner.name)")
        }
        return try moves(wishes, title: "undo: \(plan.title)", mode: .graceful)
    }

    /// Refuses a plan whose world has changed since it was made.
    ///
    /// - Throws: `PlanError.changedSince` with what changed.
    public func requireCurrent(_ plan: Plan) throws(PlanError) {
        for node in snapshot.nodes {
            for bucket in plan.buckets {
                let (then, now) = (plan.before[node.name]?.state(of: bucket), node.ownership.state(of: bucket))
                guard then != now, then?.answersNewFlows == true || now?.answersNewFlows == true else { continue }
                throw .changedSince(
                    "bucket \(bucket) was \(then?.rawValue ?? "not owned") on \(node.name) and is now "
                        + (now?.rawValue ?? "not owned"))
            }
        }
    }
}
