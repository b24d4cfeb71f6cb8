import ClusterModel
import NodeDriver
import Reactor
import Responsibility

/// Looks for what keeps replies from clients when packets are let in and nothing is sent back.
///
/// That walks the kernel's table of connections. So it is done between two samples without a reply, and takes a twentieth of
/// the time at most.
struct ReplySurvey {
    private static let shortestPause: UInt64 = 400_000_000
    private static let costShare: UInt64 = 20

    private struct Address {
        var accepted: UInt64 = 0
        var replied: UInt64 = 0
        var seen: Set<UInt32>?
        var obstacle: WayBackObstacle?
        var due: UInt64 = 0
    }

    private var addresses: [IPAddress: Address] = [:]

    /// Adds to each cluster of a sample what keeps its replies back.
    mutating func complete(_ sample: inout NodeSample, with probe: any NodeProbe, now: UInt64 = Reactor.now) {
        for index in sample.clusters.indices where sample.clusters[index].signs != nil {
            let cluster = sample.clusters[index]
            guard let accepted = cluster.counters.packets(.accepted), let replied = cluster.counters.packets(.replied)
            else { continue }
            var state = addresses[cluster.configuration.address] ?? Address(accepted: accepted, replied: replied)
            if replied != state.replied {
                (state.seen, state.obstacle) = (nil, nil)
            } else if accepted > state.accepted, now >= state.due {
                let begun = Reactor.now
                state.obstacle = probe.obstacle(to: cluster.configuration, seen: &state.seen)
                state.due = now + max(Self.shortestPause, (Reactor.now - begun) &* Self.costShare)
            }
            (state.accepted, state.replied) = (accepted, replied)
            addresses[cluster.configuration.address] = state
            sample.clusters[index].signs?.obstacle = state.obstacle
        }
    }
}
