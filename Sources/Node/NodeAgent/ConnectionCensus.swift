import ClusterModel
import NodeDriver
import Reactor
import Responsibility

/// Counts a node's live connections now and then, seldom enough that it costs next to nothing.
///
/// Listing walks the kernel's whole hash table of connections, some milliseconds even when it is empty; a twentieth of a
/// percent of one processor is spent on it.
struct ConnectionCensus {
    private static let shortestInterval: UInt64 = 5_000_000_000
    private static let restFactor: UInt64 = 2000
    /// So long after a plan was heard of, in nanoseconds, nothing is counted: its next step may wait for an answer.
    private static let quietTime: UInt64 = 2_000_000_000

    private var counts: [IPAddress: Int] = [:]
    private var due: UInt64?

    /// Counts nothing for a while, since a plan is being carried out.
    mutating func postpone(now: UInt64 = Reactor.now) { due = max(due ?? 0, now + Self.quietTime) }

    /// Adds the last count to each cluster of a sample that has none.
    ///
    /// - Returns: whether it counted just now, so that nobody is in a hurry.
    @discardableResult
    mutating func complete(_ sample: inout NodeSample, with probe: any NodeProbe, now: UInt64 = Reactor.now) -> Bool {
        let begun = Reactor.now
        let isDue = due.map { now >= $0 } ?? false
        // Not with the first sample, which somebody waits for.
        if isDue {
            // Where rules are only read, nothing may have asked the kernel to track connections.
            let isTracking = sample.facts.conntrack.map { $0.count > 0 } ?? false
            for cluster in sample.clusters where cluster.connections == nil {
                guard isTracking || cluster.capabilities.can(.moving) else { continue }
                let address = cluster.configuration.address
                counts[address] = (try? probe.connections(to: cluster.configuration))?.values.saturatedSum
            }
            self.due = now + max(Self.shortestInterval, (Reactor.now - begun) &* Self.restFactor)
        } else if due == nil {
            due = now
        }
        for index in sample.clusters.indices where sample.clusters[index].connections == nil {
            sample.clusters[index].connections = counts[sample.clusters[index].configuration.address]
        }
        return isDue
    }
}
