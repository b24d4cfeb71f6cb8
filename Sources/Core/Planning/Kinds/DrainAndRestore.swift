import ClusterModel

extension Planner {
    /// Hands buckets out: `shares[i]` of them to the node at index `nodes[i]`.
    ///
    /// A node that still drains a bucket gets it back first, since it keeps the bucket's connections; the others get
    /// runs of neighbours.
    func handOut(_ buckets: [Int], shares: [Int], nodes: [Int]) -> [(bucket: Int, target: Int)] {
        var shares = shares
        var result: [(bucket: Int, target: Int)] = []
        var rest = BucketSet(buckets)
        for (place, node) in nodes.enumerated() {
            for bucket in snapshot.nodes[node].ownership.draining.intersection(rest) where shares[place] > 0 {
                result.append((bucket, node))
                rest.remove(bucket)
                shares[place] -= 1
            }
        }
        var place = 0
        for bucket in rest {
            while place < nodes.count, shares[place] == 0 { place += 1 }
            guard place < nodes.count else { break }
            result.append((bucket, nodes[place]))
            shares[place] -= 1
        }
        return result.sorted { $0.bucket < $1.bucket }
    }

    /// Which of a node's buckets it gives up: those that the takers still drain first, then its last ones.
    func surrendered(_ count: Int, of buckets: [Int], preferring drained: BucketSet) -> [Int] {
        let (first, rest) = (buckets.filter(drained.contains), buckets.filter { !drained.contains($0) })
        return Array(first.prefix(count)) + rest.suffix(max(count - first.count, 0))
    }

    /// Everything that the nodes at these indices still drain.
    func drained(by nodes: [Int]) -> BucketSet {
        nodes.reduce(BucketSet()) { $0.union(snapshot.nodes[$1].ownership.draining) }
    }

    func drain(_ name: String, _ request: PlanRequest) throws(PlanError) -> Plan {
        let index = try index(of: name)
        try requireLive(index)
        let held = held
        let mine = snapshot.nodes[index].ownership.accepting.filter { $0 <= snapshot.configuration.bucketCount }
        guard !mine.isEmpty else {
            throw .nothingToDo(.nothingToDrain(node: name, keeps: snapshot.nodes[index].ownership.draining))
        }
        let others = successors(of: index)
        guard !others.isEmpty else { throw .noTaker }
        let shares = Shares.fill(mine.count, loads: others.map { held[$0].count })
        return try plan(
            moves(handOut(mine, shares: shares, nodes: others), else: .answered(by: name)), for: request)
    }

    /// Who may get what a node gives up.
    ///
    /// A node that does not serve is emptied on nodes that are seen to: one that has no traffic may have failed as well.
    private func successors(of index: Int) -> [Int] {
        let serving = servingTakers.filter { $0 != index }
        guard !serving.isEmpty else { return takers.filter { $0 != index } }
        let replying = serving.filter { snapshot.nodes[$0].service?.state == .replying }
        return snapshot.nodes[index].canServe || replying.isEmpty ? serving : replying
    }

    /// The moves that bring back what the last plan took from a node which emptied it, by the notes of the nodes that have it
    /// now; nil when no kernel knows of such a plan.
    ///
    /// What other plans have moved since stays where it is.
    private func home(of index: Int) throws(PlanError) -> [Move]? {
        let name = snapshot.nodes[index].name
        var taken: [String: [(bucket: Int, target: Int)]] = [:]
        for node in snapshot.nodes where node.name != name && node.state != .unreachable {
            for record in node.sample?.notes.operations ?? [] where record.note?.emptied == name {
                let buckets = record.buckets.intersection(node.ownership.accepting)
                taken[record.operation, default: []] += buckets.map { ($0, index) }
            }
        }
        // Ids begin with the time at which their operation was planned.
        guard let last = taken.filter({ !$0.value.isEmpty }).keys.max(), let assignments = taken[last] else {
            return nil
        }
        return try moves(assignments.sorted { $0.bucket < $1.bucket }, else: .answered(by: name))
    }

    func restore(_ name: String, _ request: PlanRequest) throws(PlanError) -> Plan {
        let index = try taker(name)
        if let home = try home(of: index) { return plan(home, for: request) }
        let (held, takers) = (held, takers)
        guard !takers.isEmpty else { throw .noTaker }
        let fair = takers.reduce(0) { $0 + held[$1].count } / takers.count
        let need = fair - held[index].count
        guard need > 0 else {
            throw .nothingToDo(
                .fairShare(node: name, has: held[index].count, of: snapshot.configuration.bucketCount))
        }
        let others = takers.filter { $0 != index }
        let shares = Shares.skim(need, loads: others.map { held[$0].count })
        let mine = snapshot.nodes[index].ownership.draining
        let buckets = zip(others, shares).flatMap { surrendered($1, of: held[$0], preferring: mine) }.sorted()
        return try plan(moves(buckets.map { ($0, index) }, else: .answered(by: name)), for: request)
    }
}
