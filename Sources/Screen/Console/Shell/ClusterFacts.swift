import ClusterModel

/// What the screens show of a whole snapshot, worked out once when it comes: sums over nodes × buckets.
struct ClusterFacts: Hashable, Sendable {
    /// One for each node of the snapshot.
    var nodes: [NodeTotals] = []
    /// Accepted packets per second of bucket i+1 at index i, summed over the nodes that count them.
    var bucketRates: [Double] = []
    /// Buckets whose owner does not count what it accepts.
    var uncounted = BucketSet()
    /// Buckets whose owner was not heard twice yet.
    private var unmeasured = BucketSet()
    /// The largest of them, rounded up to 1, 2 or 5 times a power of ten; it shrinks only when most of it is unused.
    var scale = 1.0
    /// What the whole cluster accepts, as far as it is counted; nil when no node counts it.
    var accepted: Rate?
    /// Buckets that any node drains.
    var draining = BucketSet()
    /// Buckets that any node adopted.
    var adopted = BucketSet()

    /// The part of a scale that must be used for it to stay.
    private static let least = 0.3

    init() {}

    /// The facts of a snapshot; the scale stays what it was as long as it serves.
    init(_ snapshot: ClusterSnapshot, scale last: Double = 0) {
        let total = min(max(snapshot.configuration.bucketCount, 0), BucketSet.maximumBucket)
        bucketRates = [Double](repeating: 0, count: total)
        nodes.reserveCapacity(snapshot.nodes.count)
        for node in snapshot.nodes { add(node) }
        let most = bucketRates.max() ?? 0
        for finding in snapshot.findings where finding.severity > .notice {
            guard let index = finding.node.flatMap(snapshot.index) else { continue }
            if nodes[index].worst.map({ $0.severity < finding.severity }) ?? true { nodes[index].worst = finding }
        }
        scale = most <= last && most > last * Self.least ? last : Self.roundedUp(most)
    }

    private mutating func add(_ node: NodeStatus) {
        var facts = NodeTotals(node)
        draining = draining.union(node.ownership.draining)
        adopted = adopted.union(node.ownership.adopted)
        if node.state != .unreachable { sum(node.rates, into: &facts) }
        if node.rates.isEmpty { unmeasured = unmeasured.union(facts.accepting) }
        if let sample = node.sample, node.state != .unreachable, !sample.capabilities.counters.contains(.accepted) {
            uncounted = uncounted.union(facts.accepting)
        }
        accepted = accepted + facts.rates.accepted
        nodes.append(facts)
    }

    private mutating func sum(_ rates: [BucketRates], into facts: inout NodeTotals) {
        let limit = bucketRates.count
        for (index, rate) in rates.enumerated() {
            facts.rates = facts.rates + rate
            if index < limit, let accepted = rate.accepted { bucketRates[index] += accepted.packetsPerSecond }
        }
    }

    /// Accepted packets per second of a bucket; nil when its owner does not count them, or was not heard twice yet.
    func rate(of bucket: Int) -> Double? {
        guard bucketRates.indices.contains(bucket - 1) else { return nil }
        let rate = bucketRates[bucket - 1]
        return rate == 0 && (uncounted.contains(bucket) || unmeasured.contains(bucket)) ? nil : rate
    }

    /// How hot a bucket is, 0…7: 0 is idle, 7 is close to the hottest.
    func heat(of bucket: Int) -> Int {
        bucketRates.indices.contains(bucket - 1) ? heat(of: bucketRates[bucket - 1]) : 0
    }

    /// How hot a rate is on the same scale.
    func heat(of rate: Double) -> Int {
        let share = rate / scale
        guard share > 0 else { return 0 }
        return share >= 1 ? 7 : 1 + Int(share * 6.999)
    }

    /// The smallest of 1, 2 and 5 times a power of ten that is not below a value; 1 for anything that is no number.
    static func roundedUp(_ value: Double) -> Double {
        guard value > 1, value < 1e15 else { return 1 }
        var power = 1.0
        while power * 10 < value { power *= 10 }
        return [power, power * 2, power * 5, power * 10].first { $0 >= value } ?? power * 10
    }
}

/// What the screens show of one node, worked out once a snapshot.
struct NodeTotals: Hashable, Sendable {
    /// The sum of all buckets' rates.
    var rates = BucketRates()
    /// Buckets whose new flows the node answers.
    var accepting = BucketSet()
    /// How many those are.
    var acceptingCount = 0
    /// The worst of what is wrong with it, at least a warning; nil when nothing is known.
    var worst: Finding?
    /// How many buckets the node drains.
    var drainingCount = 0

    init() {}

    init(_ node: NodeStatus) {
        let ownership = node.ownership
        accepting = ownership.adopted.isEmpty ? ownership.owned : ownership.accepting
        acceptingCount = accepting.count
        drainingCount = ownership.draining.count
    }
}
