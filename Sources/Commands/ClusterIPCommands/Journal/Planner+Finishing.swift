import Planning

extension Planner {
    /// A plan that brings the buckets of another one where it wanted them, from where it found them or from nobody.
    ///
    /// - Throws: `PlanError` when a bucket is on a third node by now, or cannot move.
    func finishing(_ plan: Plan) throws(PlanError) -> Plan {
        var turned = plan
        turned.moves = plan.moves.map { Move(bucket: $0.bucket, from: $0.to, to: $0.from ?? $0.to) }
        var finishing = try inverse(of: turned)
        finishing.title = "finish: \(plan.title)"
        return finishing
    }
}
