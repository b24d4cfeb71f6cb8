import ClusterModel

extension Planner {
    /// What a plan's moves may do to clients.
    func risks(of plan: Plan) -> [Risk] {
        unhealthyTargets(plan) + (plan.mode == .immediate ? resets(plan) : [])
            + (plan.mode == .graceful ? stranded(plan) : []) + loneOwner(plan)
    }

    private func unhealthyTargets(_ plan: Plan) -> [Risk] {
        Set(plan.moves.map(\.to)).sorted().compactMap { name in
            guard let index = snapshot.index(ofNode: name), let health = snapshot.nodes[index].sample?.health,
                let complaint = health.complaint
            else { return nil }
            return Risk(name: "unhealthy-target", text: "\(name) may not answer: \(complaint)", mustBeForced: true)
        }
    }

    private func resets(_ plan: Plan) -> [Risk] {
        Dictionary(grouping: plan.moves.filter { $0.from != nil }) { $0.from ?? "" }.sorted { $0.key < $1.key }
            .map { node, moves in
                let buckets = BucketSet(moves.map(\.bucket)).summary
                return Risk(
                    name: "connections-reset",
                    text: "\(node) forgets its connections in \(buckets) at once, and the new owners reset them",
                    mustBeForced: true, node: node)
            }
    }

    /// Connections that a graceful plan leaves with a node that cannot serve them.
    private func stranded(_ plan: Plan) -> [Risk] {
        Dictionary(grouping: plan.moves.filter { $0.from != nil }) { $0.from ?? "" }.sorted { $0.key < $1.key }
            .compactMap { node, moves in
                guard let index = snapshot.index(ofNode: node), let health = snapshot.nodes[index].sample?.health,
                    !health.canServe, let complaint = health.complaint
                else { return nil }
                let buckets = BucketSet(moves.map(\.bucket)).summary
                return Risk(
                    name: "connections-stranded",
                    text: "\(node) keeps its connections in \(buckets) and cannot serve them (\(complaint)): "
                        + "mode immediate has the new owners reset them, so that clients connect again")
            }
    }

    private func loneOwner(_ plan: Plan) -> [Risk] {
        guard let target = plan.moves.first?.to, plan.moves.allSatisfy({ $0.to == target }),
            let index = snapshot.index(ofNode: target)
        else { return [] }
        let total = snapshot.configuration.bucketCount
        let others = snapshot.nodes.indices.filter { $0 != index && snapshot.nodes[$0].state != .unreachable }
        let rest = others.reduce(BucketSet()) { $0.union(snapshot.nodes[$1].ownership.accepting) }
        guard total > 1, takers.count > 1, rest.isSubset(of: plan.buckets) else { return [] }
        return [
            Risk(
                name: "one-node", text: "\(target) alone would answer all \(total) buckets: nothing is left if it fails"
            )
        ]
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
                    : moves.reduce(Rate()) { sum, move in
                        rates.indices.contains(move.bucket - 1) ? sum + rates[move.bucket - 1].accepted : sum
                    })
        }
        return impact.isEmpty ? nil : impact
    }
}
