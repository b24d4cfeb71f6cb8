import ClusterModel

/// What is known of one node with respect to one cluster address: its last sample and the rates between samples.
struct NodeObservation: Sendable {
    /// The shortest time between two samples, in nanoseconds, from which a rate is worth having.
    private static let shortestInterval: UInt64 = 200_000_000

    var sample: ClusterSample?
    /// The last sample before the table vanished.
    var lost: ClusterSample?
    var generation: UInt32?
    var rates: [BucketRates] = []
    /// What arrived between the last three samples, oldest first.
    var arrivals: [Arrivals] = []
    /// Buckets in which at least ten packets arrived between each two of the last three samples, and those in which none did.
    private(set) var heardBuckets = BucketSet()
    private(set) var quietBuckets = BucketSet()
    private var base: (time: UInt64, generation: UInt32, counters: [BucketCounters], signs: ServiceSigns?)?
    /// What was added since the sample before; nil when there is none to compare with, or replies are not counted.
    private(set) var growth: ServiceGrowth?
    private var before = (heard: BucketSet(), quiet: BucketSet())
    /// A counter that went back in the last sample; it counts when the next one still has the same ruleset.
    private var suspicion: (generation: UInt32, what: Contradiction)?

    /// Above this number of buckets it is not looked which of them are reached.
    private static let reachLimit = 4096
    /// How many packets of a bucket between two samples are enough to say that they reach a node.
    private static let heardPackets = 10.0

    /// Whether what it accepts is counted; unknown, and so taken as if, without a sample.
    var countsAccepted: Bool { sample?.capabilities.counters.contains(.accepted) ?? true }

    /// The next sample begins anew: it comes over another link.
    mutating func forgetBase() { (base, suspicion) = (nil, nil) }

    /// Takes the next sample; rates are by the agent's own clock, so that the link's delay does not enter.
    ///
    /// - Returns: a counter that went back although the ruleset stayed what it was.
    @discardableResult
    mutating func take(_ sample: ClusterSample?, time: UInt64, generation: UInt32) -> Contradiction? {
        let found = suspicion.flatMap { $0.generation == generation ? $0.what : nil }
        // The programs that write rules of their own zero them, too, and no generation tells.
        suspicion = sample.flatMap { sample in
            sample.capabilities.can(.membership) ? counterBack(to: sample.counters, generation) : nil
        }.map { (generation, $0) }
        takeRates(sample, time: time, generation: generation)
        return found
    }

    /// The first counter that is less than it was, under the same ruleset.
    private func counterBack(to counters: [BucketCounters], _ generation: UInt32) -> Contradiction? {
        guard let base, base.generation == generation, base.counters.count == counters.count else { return nil }
        for index in counters.indices where counters[index] != base.counters[index] {
            for counter in Counter.allCases {
                guard let old = base.counters[index][counter], let new = counters[index][counter],
                    new.packets < old.packets
                else { continue }
                return .counterBack(bucket: index + 1, counter, from: old.packets, to: new.packets)
            }
        }
        return nil
    }

    private mutating func takeRates(_ sample: ClusterSample?, time: UInt64, generation: UInt32) {
        let time = sample?.countedAt ?? time
        lost = sample == nil ? self.sample ?? lost : nil
        self.sample = sample
        self.generation = generation
        growth = nil
        guard let sample else {
            base = nil
            (rates, arrivals) = ([], [])
            return
        }
        // Counters of a large table are not counted for every sample: what they showed stands.
        if let base, sample.countedAt == base.time, base.counters.count == sample.counters.count { return }
        guard let base, time > base.time, base.counters.count == sample.counters.count else {
            self.base = (time, generation, sample.counters, sample.signs)
            (rates, arrivals) = ([], [])
            (before, heardBuckets, quietBuckets) = ((BucketSet(), BucketSet()), BucketSet(), BucketSet())
            return
        }
        guard time - base.time >= Self.shortestInterval else { return }
        let seconds = Double(time - base.time) / 1e9
        rates = zip(base.counters, sample.counters).map { Self.rates(from: $0, to: $1, seconds: seconds) }
        let isCounted = sample.capabilities.counters.contains(.arrived)
        arrivals =
            isCounted ? arrivals.suffix(1) + [arrivals(during: seconds, own: sample.ownership.accepting)] : []
        noteReach(seconds: seconds)
        growth = growth(of: sample, since: base.signs, seconds: seconds)
        self.base = (time, generation, sample.counters, sample.signs)
    }

    /// Notes which buckets are reached, and which are not.
    private mutating func noteReach(seconds: Double) {
        guard rates.count <= Self.reachLimit else { return }
        var now = (heard: BucketSet(), quiet: BucketSet())
        for (index, rates) in rates.enumerated() {
            guard let rate = rates.arrived?.packetsPerSecond else { continue }
            if rate == 0 { now.quiet.insert(index + 1) }
            if rate * seconds >= Self.heardPackets { now.heard.insert(index + 1) }
        }
        heardBuckets = now.heard.intersection(before.heard)
        quietBuckets = now.quiet.intersection(before.quiet)
        before = now
    }

    private func arrivals(during seconds: Double, own: BucketSet) -> Arrivals {
        func packets(_ rate: Rate?) -> Double { ((rate?.packetsPerSecond ?? 0) * seconds).rounded() }
        return rates.enumerated().reduce(Arrivals(packets: 0, seconds: seconds)) { sum, next in
            var sum = sum
            let (bucket, rates) = (next.offset + 1, next.element)
            sum.packets += packets(rates.arrived)  // bounded: both are Double
            if own.contains(bucket) { sum.own += packets(rates.arrived) }
            if let accepted = rates.accepted { sum.accepted = (sum.accepted ?? 0) + packets(accepted) }
            return sum
        }
    }

    /// What was let in and sent back since the sample before; nil when replies are not counted.
    private func growth(of sample: ClusterSample, since signs: ServiceSigns?, seconds: Double) -> ServiceGrowth? {
        guard sample.capabilities.counters.isSuperset(of: [.accepted, .replied]) else { return nil }
        var growth = ServiceGrowth(seconds: seconds)
        for (index, rates) in rates.enumerated() {
            if let rate = rates.accepted, rate.packetsPerSecond > 0 {
                growth.accepted.append((index + 1, rate.packetsPerSecond * seconds))
            }
            if let rate = rates.replied, rate.packetsPerSecond > 0 {
                growth.replied.append((index + 1, rate.packetsPerSecond * seconds))
                growth.repliedBytes += rate.bitsPerSecond / 8 * seconds
            }
        }
        if let new = sample.signs { growth.signs = new.grown(since: signs ?? new) }
        return growth
    }

    /// Whether there is no earlier sample that this one can be compared with.
    var isFresh: Bool { rates.isEmpty }

    private static func rates(from old: BucketCounters, to new: BucketCounters, seconds: Double) -> BucketRates {
        BucketRates(
            arrived: rate(from: old.arrived, to: new.arrived, seconds: seconds),
            accepted: rate(from: old.accepted, to: new.accepted, seconds: seconds),
            replied: rate(from: old.replied, to: new.replied, seconds: seconds))
    }

    /// The rate between two counts, nil when one is absent; a counter that ran backwards was made anew, and what it shows is
    /// its growth.
    private static func rate(from old: PacketCount?, to new: PacketCount?, seconds: Double) -> Rate? {
        guard let old, let new else { return nil }
        guard old != new else { return Rate() }
        let base = new.packets < old.packets || new.bytes < old.bytes ? PacketCount() : old
        return Rate(
            packetsPerSecond: Double(new.packets - base.packets) / seconds,
            bitsPerSecond: Double(new.bytes - base.bytes) * 8 / seconds)
    }
}
