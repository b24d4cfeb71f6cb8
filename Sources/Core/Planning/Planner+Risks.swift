import ClusterModel

extension Planner {
    /// What a plan's moves may do to clients.
    func risks(of plan: Plan) -> [Risk] {
        unhealthyTargets(plan) + (plan.mode == .immediate ? resets(plan) : [])
            + (plan.mode == .graceful ? stranded(plan) : []) + loneOwner(plan)
    }

    private func unhealthyTargets(_ plan: Plan) -> [Risk] {
        Set(plan.moves.map(\.to)).sorted().compactMap { name in
            guard let node = status(of: name), let health = node.sample?.health, !health.isGood || !node.canServe
            else { return nil }
            return .unhealthyTarget(node: name, health)
        }
    }

    private func resets(_ plan: Plan) -> [Risk] {
        MoveSteps(plan).releases.map { .connectionsReset(node: $0.node, $0.buckets, after: nil) }
    }

    /// Connections that a graceful plan leaves with a node that cannot serve them.
    private func stranded(_ plan: Plan) -> [Risk] {
        MoveSteps(plan).releases.compactMap { release in
            guard let node = status(of: release.node), let health = node.sample?.health, !node.canServe,
                !plan.mustDoWithout(.draining, on: release.node)
            else { return nil }
            return .connectionsStranded(node: release.node, release.buckets, health)
        }
    }

    private func status(of name: String) -> NodeStatus? { snapshot.index(ofNode: name).map { snapshot.nodes[$0] } }

    private func loneOwner(_ plan: Plan) -> [Risk] {
        guard let target = plan.moves.first?.to, plan.moves.allSatisfy({ $0.to == target }),
            let index = snapshot.index(ofNode: target)
        else { return [] }
        let total = snapshot.configuration.bucketCount
        let others = snapshot.nodes.indices.filter { $0 != index && snapshot.nodes[$0].state != .unreachable }
        let rest = others.reduce(BucketSet()) { $0.union(snapshot.nodes[$1].ownership.accepting) }
        guard total > 1, takers.count > 1, rest.isSubset(of: plan.buckets) else { return [] }
        return [.oneNode(target, of: total)]
    }

    /// What the moves touch on the nodes that give up, by name; nil when nothing is known of any.
    func impact(of moves: [Move]) -> [String: Impact]? {
        var impact: [String: Impact] = [:]
        for (name, moves) in Dictionary(grouping: moves.filter({ $0.from != nil }), by: { $0.from ?? "" }) {
            guard let index = snapshot.index(ofNode: name) else { continue }
            let rates = snapshot.nodes[index].rates
            let counts = connections[name]
            guard !rates.isEmpty || counts != nil else { continue }
            impact[name] = Impact(
                connections: counts.map { counts in moves.map { counts[$0.bucket] ?? 0 }.saturatedSum },
                rate: rates.isEmpty
                    ? nil
                    : moves.reduce(nil) { sum, move in
                        rates.indices.contains(move.bucket - 1) ? sum + rates[move.bucket - 1].accepted : sum
                    })
        }
        return impact.isEmpty ? nil : impact
    }
}
