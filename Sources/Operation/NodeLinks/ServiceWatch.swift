import ClusterModel

/// What was added to a node's counters between two samples.
struct ServiceGrowth: Sendable {
    /// What was let in, by bucket.
    var accepted: [(bucket: Int, packets: Double)] = []
    /// What was sent back, by bucket.
    var replied: [(bucket: Int, packets: Double)] = []
    /// Bytes of what was sent back.
    var repliedBytes = 0.0
    /// What was counted beside.
    var signs = ServiceSigns()
    /// The time between the samples.
    var seconds = 0.0

    var acceptedPackets: Double { accepted.reduce(0) { $0 + $1.packets } }
    var repliedPackets: Double { replied.reduce(0) { $0 + $1.packets } }

    /// The part of what was let in of which replies are counted, 0…1.
    var countedShare: Double {
        let all = acceptedPackets
        return all > 0 ? max(0, 1 - Double(signs.uncounted) / all) : 1
    }
}

/// How many packets of each bucket were replied to, on all nodes, of late: what a bucket's clients may expect.
///
/// Half of what it knows is forgotten in ten minutes. Source of a new node's numbers are its counters since its table was
/// made, which count for little: what happens now soon outweighs them.
struct ReplyHistory: Sendable {
    private static let halfLife = 600.0
    /// The packets that counters of before the watch are worth in a bucket, at most.
    private static let worth = 50.0

    private var accepted: [Double] = []
    private var replied: [Double] = []
    /// Replies of before the watch.
    private var former: [Double] = []
    private var time = 0.0
    /// Replies that were seen to come, and the seconds in which they came.
    private var watched: [Double] = []
    private var span = 0.0
    /// A watch of fewer seconds knows no rates.
    private static let shortSpan = 60.0

    /// Makes room for so many buckets; another number of buckets is another placement, and begins anew.
    mutating func resize(to count: Int) {
        guard accepted.count != count else { return }
        accepted = [Double](repeating: 0, count: count)
        (replied, former, watched, span) = (accepted, accepted, accepted, 0)
    }

    /// Takes the counters of a node that is heard for the first time; a node that never replied says nothing of its buckets.
    mutating func seed(_ counters: [BucketCounters], _ signs: ServiceSigns?) {
        guard counters.count == accepted.count, (counters.packets(.replied) ?? 0) > 0 else { return }
        let all = Double(counters.packets(.accepted) ?? 0)
        let share = all > 0 ? max(0, 1 - Double(signs?.uncounted ?? 0) / all) : 1
        for (index, counters) in counters.enumerated() {
            let letIn = Double(counters.accepted?.packets ?? 0) * share
            let back = min(Double(counters.replied?.packets ?? 0), letIn)
            guard letIn > 0 else { continue }
            former[index] += back
            let weight = min(letIn, Self.worth) / letIn
            accepted[index] += letIn * weight
            replied[index] += back * weight
        }
    }

    /// The share of a bucket's packets that were replied to; 0 as long as nothing is known, since syslog and its like get none.
    private func share(_ bucket: Int) -> Double {
        guard accepted.indices.contains(bucket - 1) else { return 0 }
        return min(1, replied[bucket - 1] / (accepted[bucket - 1] + 1))
    }

    /// How much a share says, 0…1: where few packets were replied to, those few may pause while the others go on.
    ///
    /// A watch that is short knows no rates of its own, by which it could tell a burst of the others.
    private func weight(_ share: Double) -> Double {
        min(1, max(0, span < Self.shortSpan ? (share - 0.2) / 0.3 : share / 0.3))
    }

    /// The share of such packets that were replied to; nil without packets.
    func share(of growth: ServiceGrowth) -> Double? {
        let all = growth.acceptedPackets
        guard all > 0 else { return nil }
        var replied = 0.0
        for (bucket, packets) in growth.accepted { replied += packets * share(bucket) }  // bounded: Double
        return replied / all
    }

    /// How many replies packets would have brought before: by their number, and by the time they took, whichever is less.
    func expected(of growth: ServiceGrowth) -> (byPackets: Double, byTime: Double) {
        guard span >= Self.shortSpan else {
            let sum = expectedAtFirst(of: growth)
            return (sum, sum)
        }
        var sum = (byPackets: 0.0, byTime: 0.0)
        for (bucket, packets) in growth.accepted where watched.indices.contains(bucket - 1) {
            let share = share(bucket)
            let weight = weight(share)
            sum.byPackets += packets * share * weight * growth.countedShare  // bounded: Double
            sum.byTime += watched[bucket - 1] / span * growth.seconds * weight
        }
        return sum
    }

    /// How many replies packets would have brought before, as far as a watch that has just begun can tell.
    ///
    /// A bucket's share of before sinks in an outage, and says nothing of one that lasts longer than the service did. What
    /// does not sink is how many replies a bucket brought beside the others: where those go on, so should it.
    private func expectedAtFirst(of growth: ServiceGrowth) -> Double {
        let own = Set(growth.accepted.map(\.bucket))
        var others = (former: 0.0, watched: 0.0)
        for index in former.indices where !own.contains(index + 1) {  // bounded: an index
            others.former += former[index]
            others.watched += watched[index]
        }
        let going = others.former > 0 && span > 0 ? others.watched / span * growth.seconds / others.former : 0
        var sum = 0.0
        for (bucket, packets) in growth.accepted where former.indices.contains(bucket - 1) {
            let share = share(bucket)
            let byShare = packets * share * weight(share)
            sum += max(byShare, min(packets, former[bucket - 1] * going)) * growth.countedShare
        }
        return sum
    }

    /// Learns what was let in and sent back.
    mutating func learn(_ growth: ServiceGrowth) {
        let share = growth.countedShare
        for (bucket, packets) in growth.accepted where accepted.indices.contains(bucket - 1) {
            accepted[bucket - 1] += packets * share
        }
        for (bucket, packets) in growth.replied where replied.indices.contains(bucket - 1) {
            replied[bucket - 1] += packets
            watched[bucket - 1] += packets
        }
    }

    /// Forgets with time; call once an interval.
    mutating func age(seconds: Double) {
        time += seconds
        span += seconds
        guard time >= 30 else { return }
        let factor = 1 / (1 + time / Self.halfLife)
        time = 0
        span *= factor
        for index in accepted.indices {
            accepted[index] *= factor
            replied[index] *= factor
            watched[index] *= factor
        }
    }
}

/// Watches what one node's host sends back to what the node lets in.
struct ServiceWatch: Sendable {
    /// So long, in seconds, the last packets are looked back at.
    private static let window = 5.0
    /// An IP packet without data has so many bytes at most, TCP's options among them.
    private static let bareBytes = 60.0

    private var last: [(accepted: Double, replied: Double, seconds: Double, signs: ServiceSigns)] = []
    private var silence: ServiceRecord.Silence?
    private var longestPause = 0.0
    /// What replies weighed of late, in bytes; nil before the first.
    private var usualBytes: Double?
    private var formerShare: Double?

    /// What was watched; nil before there were two samples.
    private(set) var record: ServiceRecord?

    /// A watch of a node with these counters, of which nothing was watched yet.
    init(_ counters: [BucketCounters] = []) {
        let (packets, bytes) = (counters.packets(.replied) ?? 0, counters.bytes(.replied) ?? 0)
        usualBytes = packets > 0 ? Double(bytes) / Double(packets) : nil
    }

    /// Takes what was added between two samples.
    mutating func take(_ growth: ServiceGrowth, _ history: inout ReplyHistory) {
        let expected = history.expected(of: growth)
        let accepted = growth.acceptedPackets * growth.countedShare
        let isReplying = hasReplies(growth)
        note(growth, accepted, replied: isReplying ? growth.repliedPackets : 0)
        if isReplying {
            if let silence, record?.state != .silent(silence) {
                longestPause = max(longestPause * 0.98, silence.expected)
            }
            silence = nil
            formerShare = history.share(of: growth) ?? formerShare
        } else {
            prolong(growth, accepted, expected)
        }
        record = summary
        if case .silent? = record?.state { return }
        history.learn(growth)
    }

    /// Whether a service replied: something was sent back, and not only what a kernel sends for a service that hangs.
    private mutating func hasReplies(_ growth: ServiceGrowth) -> Bool {
        let replied = growth.repliedPackets
        guard replied > 0 else { return false }
        // Such packets are counted beside, or told by their size.
        guard growth.signs.bare == nil else { return true }
        let bytes = growth.repliedBytes / replied
        guard bytes > Self.bareBytes || (usualBytes ?? 0) < 1.5 * Self.bareBytes else { return false }
        usualBytes = usualBytes.map { 0.95 * $0 + 0.05 * bytes } ?? bytes
        return true
    }

    private mutating func prolong(
        _ growth: ServiceGrowth, _ accepted: Double, _ expected: (byPackets: Double, byTime: Double)
    ) {
        // What was let in before the first packet without a reply is no part of it.
        if silence == nil, accepted == 0 { return }
        var longer = silence ?? ServiceRecord.Silence()
        longer.seconds += growth.seconds
        longer.intervals += 1  // bounded: one a sample
        longer.accepted += accepted
        longer.byPackets += expected.byPackets
        longer.byTime += expected.byTime
        longer.refused += Double(growth.signs.refusals)
        longer.bare += growth.repliedPackets + Double(growth.signs.bare ?? 0)
        silence = longer
    }

    private mutating func note(_ growth: ServiceGrowth, _ accepted: Double, replied: Double) {
        last.append((accepted, replied, growth.seconds, growth.signs))
        while last.count > 1, last.dropFirst().reduce(0, { $0 + $1.seconds }) >= Self.window { last.removeFirst() }
    }

    private var summary: ServiceRecord {
        var record = ServiceRecord(silence: silence, formerShare: formerShare, longestPause: longestPause)
        record.obstacle = last.last?.signs.obstacle
        for part in last {
            record.accepted += part.accepted  // bounded: all are Double
            record.replied += part.replied  // bounded
            record.seconds += part.seconds  // bounded
            for (bucket, packets) in part.signs.strays { record.strays[bucket, default: 0] += Double(packets) }
            for (mac, packets) in part.signs.misled { record.misled[mac, default: 0] += Double(packets) }
        }
        return record
    }
}
