import ClusterModel

/// One reading of a table's counting sets, set after set, and then of what is counted beside them.
///
/// A commit by anybody interrupts a dump, but no step touches these elements: a dump that has all of them is whole.
struct CountingRound {
    private let table: BucketTable
    /// The counts of each counting set: that of bucket i+1 at index i, nil when the set lacks the bucket.
    private(set) var counts: [[PacketCount?]]
    /// What is counted beside the buckets' packets, by key; nothing where the table has no set for it.
    private(set) var aside: [Int: PacketCount] = [:]
    private var place = 0
    private var keys: ClosedRange<Int>
    private var interruptions = 0

    /// So often a set is read again when a dump of it was interrupted and lacks something.
    private static let patience = 16

    /// A reading that has not begun.
    init(of table: BucketTable) {
        self.table = table
        keys = table.keys(of: table.layout.countingSets[0])
        let none = [PacketCount?](repeating: nil, count: table.configuration.bucketCount)
        counts = Array(repeating: none, count: table.layout.countingSets.count)
    }

    /// The set to be read now; nil when all are read.
    var set: String? {
        place < counts.count ? table.layout.countingSets[place] : isAside ? table.layout.asideSet : nil
    }

    private var isAside: Bool { place == counts.count && table.layout.asideSet != nil }

    /// Takes an element of the set that is read.
    mutating func take(_ key: Int, _ count: PacketCount) {
        guard place < counts.count else { return aside[key] = count }
        if keys.contains(key) { counts[place][key - keys.lowerBound] = count }
    }

    /// The dump of the set has ended; one that was interrupted is made again when it may lack something.
    mutating func endSet(isInterrupted: Bool) {
        interruptions += isInterrupted ? 1 : 0  // bounded: compared
        let mayLack = isAside || place < counts.count && counts[place].contains { $0 == nil }
        guard !isInterrupted || !mayLack || interruptions >= Self.patience else {
            if isAside { aside = [:] }
            return
        }
        (place, interruptions) = (place + 1, 0)
        if place < counts.count { keys = table.keys(of: table.layout.countingSets[place]) }
    }

    /// The set beside the counters is not there: another program cut the table short, or it is older than that set.
    mutating func skipAside() { if isAside { place += 1 } }

    /// The counters of all buckets; what arrived is what was accepted or dropped, where no set of its own counts it.
    var counters: [BucketCounters] {
        var counters: [BucketCounters] = []
        counters.reserveCapacity(table.configuration.bucketCount)
        for index in 0..<table.configuration.bucketCount {
            let (first, second) = (counts[0][index], counts[1][index])
            guard table.layout != .first else {
                counters.append(BucketCounters(arrived: first, accepted: second))
                continue
            }
            let arrived = first.flatMap { first in second.map { first + $0 } }
            counters.append(BucketCounters(arrived: arrived, accepted: first, replied: counts[2][index]))
        }
        if table.layout.marksConnections {
            for (key, count) in aside where counters.indices.contains(key - 1) {
                counters[key - 1].arrived = counters[key - 1].arrived.map { $0 + count }
                counters[key - 1].accepted = counters[key - 1].accepted.map { $0 + count }
            }
        }
        return counters
    }

    /// What is wrong with the sets.
    var gaps: [Alteration] {
        zip(counts, table.layout.countingSets).compactMap { counts, set in
            guard counts.contains(where: { $0 == nil }) else { return nil }
            let lacking = counts.indices.filter { counts[$0] == nil }.map { $0 + 1 }
            return .bucketsMissing(set: set, BucketSet(lacking))
        }
    }
}
