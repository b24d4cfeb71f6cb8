import ClusterModel

/// What is spread fairly when a cluster is rebalanced.
public enum Measure: Hashable, Sendable {
    /// As many buckets on each node.
    case count
    /// Buckets in proportion to the nodes' weights, by name; a node that is not named weighs 1, and 0 means none.
    case weight([String: Double])
    /// As many accepted packets a second on each node, by the rates now measured.
    case rate
}

extension Measure: Codable {
    private enum WeightCodingKeys: String, CodingKey { case _0 = "weights" }
}

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
            moves(handed, else: .balanced),
            for: request,
            balance: balance("buckets", fair: fair, before: loads.map(Double.init), after: quotas.map(Double.init)))
    }

    /// A weight for each taker; all must be finite, none negative, and not all zero.
    private func weightsInOrder(_ weights: [String: Double], _ takers: [Int]) throws(PlanError) -> [Double] {
        for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
            _ = try index(of: name)
            guard weight.isFinite, weight >= 0, weight <= 1e6 else {
                throw .wrongWeight(weight, node: name)
            }
        }
        let ordered = takers.map { weights[snapshot.nodes[$0].name] ?? 1 }
        guard ordered.contains(where: { $0 > 0 }) else {
            throw .noWeight
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
        for node in takers.lazy.map({ snapshot.nodes[$0] }) {
            if let sample = node.sample, !sample.capabilities.counters.contains(.accepted) {
                throw .notCounted(node: node.name, driver: sample.driver)
            }
        }
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
            moves(handed, else: .indivisible),
            for: request,
            balance: balance("packets/s", fair: before.map { _ in mean }, before: before, after: after))
    }

    private func rate(_ bucket: Int, _ node: Int) -> Double {
        let rates = snapshot.nodes[node].rates
        return rates.indices.contains(bucket - 1) ? rates[bucket - 1].accepted?.packetsPerSecond ?? 0 : 0
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
