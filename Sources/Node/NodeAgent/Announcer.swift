import ClusterModel
import NodeDriver
import Responsibility

/// Tells a node's neighbours the cluster MAC after whatever could have taught them another one.
///
/// An announcement can be lost, and a neighbour believes no other MAC within a second of the last one it learnt. So each
/// is said three times.
struct Announcer {
    private static let times = 3
    /// Between two announcements of an address, in nanoseconds.
    private static let pause: UInt64 = 1_200_000_000
    /// So long after the last announcement misled neighbours are told again, in nanoseconds.
    private static let rest: UInt64 = 5_000_000_000

    /// So often switches that snoop are reminded, in nanoseconds; they forget after four minutes and more.
    private static let reminder: UInt64 = 60_000_000_000

    private struct Address {
        var left = 0
        var last: UInt64?
        var misled: UInt64 = 0
    }

    private var addresses: [IPAddress: Address] = [:]

    /// An address is to be announced: its table, its MAC or its ARP is new.
    mutating func begin(_ address: IPAddress) { addresses[address, default: Address()].left = Self.times }

    /// Looks whether neighbours send to the node's own MAC, and gives the clusters that are to be announced now.
    mutating func due(_ sample: NodeSample, now: UInt64) -> [ClusterConfiguration] {
        sample.clusters.filter { cluster in
            var state = addresses[cluster.configuration.address] ?? Address()
            defer { addresses[cluster.configuration.address] = state }
            let misled = cluster.signs.map { $0.misled.values.reduce(UInt64(0)) { $0.addingSaturated($1) } } ?? 0
            let isMisled = misled > state.misled && state.last.map { now >= $0 + Self.rest } ?? true
            state.misled = misled
            if isMisled, state.left == 0 { state.left = Self.times }
            if cluster.configuration.joinsGroup, state.left == 0, state.last.map({ now >= $0 + Self.reminder }) ?? true
            {
                state.left = 1
            }
            guard state.left > 0, cluster.health.arpRewritten, cluster.health.interfaceUp,
                state.last.map({ now >= $0 + Self.pause }) ?? true
            else { return false }
            state.left -= 1
            state.last = now
            return true
        }.map(\.configuration)
    }
}
