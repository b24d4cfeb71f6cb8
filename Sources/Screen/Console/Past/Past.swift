import ClusterModel

/// What the cluster did before now: kept while the console runs, in bounded memory, coarser with age.
///
/// Times are seconds of the day's clock, since 1970. A moment that was not seen is absent, and is drawn as a gap.
struct Past: Sendable {
    /// The last minutes by the second, the last twenty minutes by five seconds, the last day by the minute.
    private var rings: [PastRing] = []
    private var names: [String] = []
    private(set) var bucketCount = 0
    /// The second of the newest moment.
    private(set) var newest: Int?

    /// So many bytes at most for buckets by the second.
    private static let budget = 4 << 20

    /// Notes what a snapshot shows at a time; a second that was skipped by a late clock is taken to be alike.
    mutating func take(_ snapshot: ClusterSnapshot, _ facts: ClusterFacts, at time: Double) {
        guard time.isFinite, abs(time) < 1e12 else { return }
        let names = snapshot.nodes.map(\.name)
        if names != self.names || facts.bucketRates.count != bucketCount || rings.isEmpty {
            start(names, buckets: facts.bucketRates.count)
        }
        let second = Int(time.rounded(.down))
        guard second != newest else { return }
        let moment = PastMoment(snapshot, facts, last: rings[0].moment(newest ?? second))
        let first = newest.map { second - $0 == 2 ? second - 1 : second } ?? second
        for second in first...second {
            for index in rings.indices { rings[index].take(moment, second: second) }
        }
        newest = second
    }

    private mutating func start(_ names: [String], buckets: Int) {
        self.names = names
        bucketCount = buckets
        newest = nil
        rings = [
            PastRing(step: 1, capacity: min(max(Self.budget / max(buckets, 1), 120), 900), limit: buckets),
            PastRing(step: 5, capacity: 240, limit: min(buckets, 4096)),
            PastRing(step: 60, capacity: 1440, limit: min(buckets, 1024)),
        ]
    }

    /// The mean of a node's load between two times, as far as it is known; nil when none is.
    func load(of node: Int, from start: Double, seconds: Double) -> NodeLoad? {
        var sum: NodeLoad?
        var count = 0.0
        for moment in moments(from: start, seconds: seconds) where moment.loads.indices.contains(node) {
            guard moment.loads[node].accepted != nil || moment.loads[node].arrived != nil else { continue }
            sum = (sum ?? NodeLoad()) + moment.loads[node]
            count += 1
        }
        return sum.map { $0.divided(by: count) }
    }

    /// Whether anything was seen between two times.
    func isKnown(at start: Double, seconds: Double) -> Bool { !moments(from: start, seconds: seconds).isEmpty }

    /// What was seen at a time, by the finest grain that reaches so far back.
    func moment(at time: Double) -> PastMoment? {
        guard let newest, time.isFinite, abs(time) < 1e12 else { return nil }
        let reach = Double(newest) - time
        return rings.first { Double($0.capacity) * $0.step > reach }?.moment(at: time)
    }

    /// What was seen between two times, by the finest grain that still has the first of it.
    func moments(from start: Double, seconds: Double) -> [PastMoment] {
        guard let newest, start.isFinite, abs(start) < 1e12 else { return [] }
        let reach = Double(newest) - start
        let ring =
            rings.first { Double($0.capacity) * $0.step > reach && seconds >= $0.step }
            ?? rings.last { seconds >= $0.step }
        return ring?.moments(from: start, seconds: seconds) ?? []
    }
}

/// What one node did in a second, or on the mean in several; nil: not known.
struct NodeLoad: Hashable, Sendable {
    var arrived: Float?
    var accepted: Float?
    var replied: Float?

    static func + (left: Self, right: Self) -> Self {
        func sum(_ left: Float?, _ right: Float?) -> Float? {
            guard let left, let right else { return left ?? right }
            return left + right  // bounded: both are Float
        }
        return Self(
            arrived: sum(left.arrived, right.arrived), accepted: sum(left.accepted, right.accepted),
            replied: sum(left.replied, right.replied))
    }

    func divided(by count: Double) -> Self {
        Self(
            arrived: arrived.map { $0 / Float(count) }, accepted: accepted.map { $0 / Float(count) },
            replied: replied.map { $0 / Float(count) })
    }
}

/// The cluster in a second, or in several together.
struct PastMoment: Sendable {
    /// What each node did.
    var loads: [NodeLoad]
    /// How fast each cell of buckets was, in its busiest second.
    var rates: [PackedRate]
    /// Index of the owner of each cell's first bucket; 255: none, or one beyond those.
    var owners: [UInt8]

    /// What a snapshot shows; owners that have not changed are shared with the moment before.
    init(_ snapshot: ClusterSnapshot, _ facts: ClusterFacts, last: PastMoment?) {
        loads = snapshot.nodes.enumerated().map { index, node in
            guard node.state == .live, facts.nodes.indices.contains(index) else { return NodeLoad() }
            let rates = facts.nodes[index].rates
            func number(_ rate: Rate?) -> Float? {
                rate.flatMap { $0.packetsPerSecond.isFinite ? Float($0.packetsPerSecond) : nil }
            }
            return NodeLoad(
                arrived: number(rates.arrived), accepted: number(rates.accepted), replied: number(rates.replied))
        }
        let isLive = snapshot.nodes.map { $0.state == .live }
        let coverage = snapshot.coverage
        rates = facts.bucketRates.indices.map { index in
            guard let owner = coverage.owner(of: index + 1), isLive[owner] else { return .unknown }
            return PackedRate(facts.rate(of: index + 1))
        }
        let now = facts.bucketRates.indices.map { index in
            coverage.owner(of: index + 1).map { UInt8(min($0, 255)) } ?? 255
        }
        owners = last?.owners == now ? last?.owners ?? now : now
    }

    /// The same in fewer cells: the busiest bucket of each decides.
    func gathered(into cells: Int) -> PastMoment {
        guard cells < rates.count, cells > 0 else { return self }
        var moment = self
        let total = rates.count
        moment.rates = (0..<cells).map { cell in
            rates[cell * total / cells..<(cell + 1) * total / cells].reduce(.unknown) { $0.higher($1) }
        }
        moment.owners = (0..<cells).map { owners[$0 * total / cells] }
        return moment
    }

    /// How fast some of `total` buckets were together at most, and who owned the first of them.
    func look(at buckets: ClosedRange<Int>, of total: Int) -> (rate: PackedRate, owner: Int?) {
        guard !rates.isEmpty, total > 0 else { return (.unknown, nil) }
        let first = min(max((buckets.lowerBound - 1) * rates.count / total, 0), rates.count - 1)
        let last = min(max((buckets.upperBound - 1) * rates.count / total, first), rates.count - 1)
        let rate = rates[first...last].reduce(PackedRate.unknown) { $0.higher($1) }
        return (rate, owners[first] == 255 ? nil : Int(owners[first]))
    }
}

/// Moments of one grain, the oldest forgotten when it is full.
private struct PastRing: Sendable {
    /// Seconds of a moment.
    let step: Double
    let capacity: Int
    /// The most cells that buckets are kept in.
    let limit: Int
    private var slots: [(slot: Int, count: Int, moment: PastMoment)?] = []

    init(step: Double, capacity: Int, limit: Int) {
        self.step = step
        self.capacity = capacity
        self.limit = limit
    }

    mutating func take(_ moment: PastMoment, second: Int) {
        let slot = Int((Double(second) / step).rounded(.down))
        let place = ((slot % capacity) + capacity) % capacity
        while slots.count <= place { slots.append(nil) }
        let moment = moment.gathered(into: limit)
        guard let old = slots[place], old.slot == slot else {
            slots[place] = (slot, 1, moment)
            return
        }
        slots[place] = nil
        slots[place] = (slot, old.count + 1, Self.mixed(old.moment, old.count, moment))
    }

    /// The mean of what nodes did, the busiest of what buckets did, the newest owners.
    private static func mixed(_ old: PastMoment, _ count: Int, _ new: PastMoment) -> PastMoment {
        var mixed = new
        func mean(_ old: Float?, _ new: Float?) -> Float? {
            guard let old, let new else { return old ?? new }
            return (old * Float(count) + new) / Float(count + 1)
        }
        mixed.loads = zip(old.loads, new.loads).map { old, new in
            NodeLoad(
                arrived: mean(old.arrived, new.arrived), accepted: mean(old.accepted, new.accepted),
                replied: mean(old.replied, new.replied))
        }
        mixed.rates = zip(old.rates, new.rates).map { $0.higher($1) }
        return mixed
    }

    func moment(_ slot: Int) -> PastMoment? {
        let place = ((slot % capacity) + capacity) % capacity
        guard slots.indices.contains(place), let found = slots[place], found.slot == slot else { return nil }
        return found.moment
    }

    func moment(at time: Double) -> PastMoment? {
        guard time.isFinite, abs(time) < 1e12 else { return nil }
        return moment(Int((time / step).rounded(.down)))
    }

    func moments(from start: Double, seconds: Double) -> [PastMoment] {
        let first = Int((start / step).rounded(.down))
        let count = min(max(Int((seconds / step).rounded()), 1), capacity)
        return (first..<first + count).compactMap(moment)
    }
}
