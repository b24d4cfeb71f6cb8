import ClusterModel

extension Planner {
    /// A plan that takes another one back: every bucket that it gave to a node goes to where it came from.
    ///
    /// What never left its old owner, or is back there, is left out.
    ///
    /// - Throws: `PlanError` when a bucket is on a third node, or cannot move.
    public func inverse(of plan: Plan) throws(PlanError) -> Plan {
        var assignments: [(bucket: Int, target: Int)] = []
        for move in plan.inverse {
            try requireNoThird(move)
            assignments.append((move.bucket, try taker(move.to)))
        }
        let nothing = PlanError.nothingToMove("there is nothing to take back: every bucket is where it came from")
        return try self.plan(moves(assignments, else: nothing), for: .undo(plan))
    }

    private func requireNoThird(_ move: Move) throws(PlanError) {
        guard let owner = snapshot.owner(of: move.bucket)?.name, owner != move.from, owner != move.to else { return }
        throw .movedOn(move.bucket, to: owner)
    }
}
