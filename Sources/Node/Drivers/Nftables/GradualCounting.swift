import CNetfilter
import ClusterModel
import LinuxNode

/// The counters of a table that is too large to be read in one sample: a part of them is read in each.
///
/// The kernel takes half a microsecond for an element, whoever asks. Every element is read once a round, at the same place of
/// each round, so that what it grew by from round to round belongs to one span of time.
final class GradualCounting {
    /// Tables with more buckets are read in parts.
    static let bucketLimit = 16_384
    /// So many elements are one part.
    private static let partSize = 40_960
    /// Between two parts passes so much time, in nanoseconds.
    private static let partTime: UInt64 = 900_000_000
    /// A sample so long after the one before, in nanoseconds, reads a whole round.
    private static let roundTime: UInt64 = 5_000_000_000

    /// So long after a step, in nanoseconds, the plan is taken to go on.
    private static let planTime: UInt64 = 2_000_000_000

    private let table: BucketTable
    private let handle: UInt64
    private let dump: NetlinkDump
    private var round: CountingRound
    private var shape: ElementShape?
    /// When something was read last, and when again at the earliest.
    private var advanced: UInt64
    private var due: UInt64 = 0
    /// The last whole round.
    private(set) var counters: [BucketCounters]
    /// What was wrong with the sets in it.
    private(set) var gaps: [Alteration]
    /// What was counted beside the buckets in it, by key.
    private(set) var aside: [Int: PacketCount]
    /// When it ended.
    private(set) var countedAt: UInt64

    /// Begins with a whole round.
    init(_ cluster: RulesetView.Cluster, _ socket: NetlinkSocket, now: UInt64) throws(KernelError) {
        (table, handle) = (cluster.table, cluster.handle)
        let whole = try CounterReader.read(socket, table)
        (counters, gaps, aside) = (whole.counters, whole.gaps, whole.aside)
        (countedAt, advanced) = (now, now)
        round = CountingRound(of: table)
        dump = try NetlinkDump(Int32(NETLINK_NETFILTER))
    }

    /// Whether this is about a cluster's present table.
    func isAbout(_ cluster: RulesetView.Cluster) -> Bool { handle == cluster.handle && table == cluster.table }

    /// Reads nothing for a while: a plan is carried out, whose steps are not to wait.
    ///
    /// Steps that never cease do not keep it from being counted.
    func postpone(now: UInt64) { due = max(due, min(now + Self.planTime, advanced + Self.roundTime)) }

    /// Reads what is due.
    func advance(now: UInt64) throws(KernelError) {
        guard now >= max(due, advanced + Self.partTime) else { return }
        let limit = now < max(due, advanced) + Self.roundTime ? Self.partSize : .max
        advanced = now
        guard try read(limit) else { return }
        (counters, gaps, aside, countedAt) = (round.counters, round.gaps, round.aside, now)
        round = CountingRound(of: table)
    }

    /// Reads so many elements, or to the end of the round; returns whether that is reached.
    private func read(_ limit: Int) throws(KernelError) -> Bool {
        var count = 0
        while let set = round.set {
            guard count < limit else { return false }
            if !dump.isRunning { try RulesetReader.begin(dump, table: table.name, set: set) }
            let progress = try dump.readPart { answer in
                RulesetReader.eachElement(of: answer) { element in
                    count += 1  // bounded: below the limit and a datagram's elements
                    ElementShape.read(element, &shape) { round.take($0, $1) }
                }
            }
            if case .end(let isInterrupted) = progress { round.endSet(isInterrupted: isInterrupted) }
        }
        return true
    }
}
