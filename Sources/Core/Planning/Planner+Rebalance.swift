import ClusterModel

extension Planner {
    func rebalance(_ measure: Measure, _ request: PlanRequest) throws(PlanError) -> Plan {
        if let first = snapshot.coverage.conflicts.first(where: { _ in true }) { try requireNoConflict(first) }
        guard !takers.isEmpty else { throw .noTaker }
        switch measure {
        case .count: return try rebalance(weights: [:], request)
        case .weight(let weights): return try rebalance(weights: weights, request)
        case .rate: return try rebalanceByRate(request)
        }
    }

    private func rebalance(weights: [String: Double], _ request: PlanRequest) throws(PlanError) -> Plan {
        let takers = takers
        let weights = try weightsInOrder(weights, takers)
        let held = held
        let loads = takers.map { held[$0].count }
        let quotas = Shares.quotas(loads: loads, weights: weights)
        let drained = drained(by: takers.indices.filter { quotas[$0] > loads[$0] }.map { takers[$0] })
        let pool = takers.indices.flatMap { place in
            surrendered(max(loads[place] - quotas[place], 0), of: held[takers[place]], preferring: drained)
        }.sorted()
        let handed = handOut(pool, shares: takers.indices.map { max(quotas[$0] - loads[$0], 0) }, nodes: takers)
        let sum = weights.reduce(0, +)
        let fair = weights.map { Double(loads.reduce(0, +)) * $0 / sum }
        return try plan(
            moves(handed, else: .nothingToMove("the buckets are spread fairly already: nothing is to be moved")),
            for: request,
            balance: balance("buckets", fair: fair, before: loads.map(Double.init), after: quotas.map(Double.init)))
    }

    /// A weight for each taker; all must be finite, none negative, and not all zero.
    private func weightsInOrder(_ weights: [String: Double], _ takers: [Int]) throws(PlanError) -> [Double] {
        for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
            _ = try index(of: name)
            guard weight.isFinite, weight >= 0, weight <= 1e6 else {
                throw .wrongWeight("\(weight) is not a weight for \(name): a weight is 0 to 1000000")
            }
        }
        let ordered = takers.map { weights[snapshot.nodes[$0].name] ?? 1 }
        guard ordered.contains(where: { $0 > 0 }) else {
            throw .wrongWeight("every live node would weigh 0: at least one must weigh more")
        }
        return ordered
    }

    private func balance(_ unit: String, fair: [Double], before: [Double], after: [Double]) -> Balance {
        func named(_ values: [Double]) -> [String: Double] {
            Dictionary(
                zip(takers.map { snapshot.nodes[$0].name }, values), uniquingKeysWith: { first, _ in first })
        }
        return Balance(unit: unit, fair: named(fair), before: named(before), after: named(after))
    }

    /// The busiest buckets that fit leave the nodes above the mean, and each goes where the most is missing.
    ///
    /// Not the least number of moves there could be, which is a hard problem, but few: large ones first.
    private func rebalanceByRate(_ request: PlanRequest) throws(PlanError) -> Plan {
        let takers = takers
        guard takers.allSatisfy({ !snapshot.nodes[$0].rates.isEmpty }) else { throw .noRates }
        let held = held
        let loaded = takers.indices.map { place in
            held[takers[place]].map { LoadedBucket($0, place, rate($0, takers[place])) }
        }
        let before = loaded.map { $0.reduce(0) { $0 + $1.rate } }
        let mean = before.reduce(0, +) / Double(takers.count)
        var after = before
        var handed: [(bucket: Int, target: Int)] = []
        for candidate in loaded.flatMap({ candidates($0, mean: mean) }).sorted() {
            let target = after.indices.reduce(0) { after[$1] < after[$0] ? $1 : $0 }
            guard after[target] + candidate.rate < after[candidate.place] else { continue }
            after[candidate.place] -= candidate.rate
            after[target] += candidate.rate
            handed.append((candidate.bucket, takers[target]))
        }
        handed.sort { $0.bucket < $1.bucket }
        return try plan(
            moves(handed, else: .nothingToMove("the load cannot be spread better by moving whole buckets")),
            for: request,
            balance: balance("packets/s", fair: before.map { _ in mean }, before: before, after: after))
    }

    private func rate(_ bucket: Int, _ node: Int) -> Double {
        let rates = snapshot.nodes[node].rates
        return rates.indices.contains(bucket - 1) ? rates[bucket - 1].accepted.packetsPerSecond : 0
    }

    /// The busiest buckets of one node that together are no more than what it has above the mean.
    private func candidates(_ buckets: [LoadedBucket], mean: Double) -> [LoadedBucket] {
        var surplus = buckets.reduce(0) { $0 + $1.rate } - mean
        return buckets.sorted().filter { bucket in
            guard bucket.rate > 0, bucket.rate <= surplus else { return false }
            surplus -= bucket.rate
            return true
        }
    }
}

/// A bucket with its rate and the place of its owner among the takers; the busiest comes first.
private struct LoadedBucket: Comparable {
    let bucket: Int
    let place: Int
    let rate: Double

    init(_ bucket: Int, _ place: Int, _ rate: Double) {
        self.bucket = bucket
        self.place = place
        self.rate = rate
    }

    static func < (left: Self, right: Self) -> Bool {
        left.rate == right.rate ? left.bucket < right.bucket : left.rate > right.rate
    }
}
