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
    private var base: (time: UInt64, counters: [BucketCounters])?

    /// Whether what it accepts is counted; unknown, and so taken as if, without a sample.
    var countsAccepted: Bool { sample?.capabilities.counters.contains(.accepted) ?? true }

    /// Takes the next sample; rates are by the agent's own clock, so that the link's delay does not enter.
    mutating func take(_ sample: ClusterSample?, time: UInt64, generation: UInt32) {
        lost = sample == nil ? self.sample ?? lost : nil
        self.sample = sample
        self.generation = generation
        guard let sample else {
            base = nil
            (rates, arrivals) = ([], [])
            return
        }
        guard let base, time > base.time, base.counters.count == sample.counters.count else {
            self.base = (time, sample.counters)
            (rates, arrivals) = ([], [])
            return
        }
        guard time - base.time >= Self.shortestInterval else { return }
        let seconds = Double(time - base.time) / 1e9
        rates = zip(base.counters, sample.counters).map { Self.rates(from: $0, to: $1, seconds: seconds) }
        let isCounted = sample.capabilities.counters.contains(.arrived)
        arrivals =
            isCounted ? arrivals.suffix(1) + [arrivals(during: seconds, own: sample.ownership.accepting)] : []
        self.base = (time, sample.counters)
    }

    private func arrivals(during seconds: Double, own: BucketSet) -> Arrivals {
        func packets(_ rate: Rate?) -> Double { ((rate?.packetsPerSecond ?? 0) * seconds).rounded() }
        return rates.enumerated().reduce(Arrivals(packets: 0, seconds: seconds)) { sum, next in
            var sum = sum
            let (bucket, rates) = (next.offset + 1, next.element)
            sum.packets += packets(rates.arrived)
            if own.contains(bucket) { sum.own += packets(rates.arrived) }
            if let accepted = rates.accepted { sum.accepted = (sum.accepted ?? 0) + packets(accepted) }
            return sum
        }
    }

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
