import ClusterModel
import DataPlane
import Reactor
import Responsibility

/// Counts a node's live connections now and then, seldom enough that it costs next to nothing.
///
/// Listing walks the kernel's whole hash table of connections, some milliseconds even when it is empty; a twentieth of a
/// percent of one processor is spent on it.
struct ConnectionCensus {
    private static let shortestInterval: UInt64 = 5_000_000_000
    private static let restFactor: UInt64 = 2000

    private var counts: [IPv4Address: Int] = [:]
    private var due: UInt64?

    /// Adds the last count to each cluster of a sample that has none.
    mutating func complete(_ sample: inout NodeSample, with driver: any Driver) {
        let now = Reactor.now
        // Not with the first sample, which somebody waits for.
        if let due, now >= due {
            for cluster in sample.clusters where cluster.connections == nil {
                let address = cluster.configuration.address
                counts[address] = (try? driver.connections(of: address))?.values.reduce(0, +)
            }
            self.due = now + max(Self.shortestInterval, (Reactor.now - now) &* Self.restFactor)
        } else if due == nil {
            due = now
        }
        for index in sample.clusters.indices where sample.clusters[index].connections == nil {
            sample.clusters[index].connections = counts[sample.clusters[index].configuration.address]
        }
    }
}
