import ClusterModel
import NodeLink
import Observation
import Reactor

/// The nodes of a cluster file, connected: a reactor with a fleet on it.
final class ClusterConnection {
    let reactor: Reactor
    let fleet: Fleet
    let file: ClusterFile

    /// Links to every node of the file; nothing is opened before `start`.
    init(_ file: ClusterFile, interval: Double = 1) throws(CommandError) {
        do throws(SystemError) { reactor = try Reactor() } catch { throw CommandError(error.description) }
        self.file = file
        let agent = Self.agentPath
        let reactor = reactor
        fleet = Fleet(
            name: file.name,
            observation: ClusterObservation(name: file.name, address: file.address, nodes: file.nodes.map(\.name)),
            nodes: file.nodes.map {
                ($0.name, ProcessLink(arguments: $0.link.arguments(agent: agent), reactor: reactor))
            },
            reactor: reactor, interval: interval)
    }

    /// Where the agent's executable is: beside this one, or on PATH.
    static var agentPath: String {
        if let path = Files.environment("CLUSTERIP_AGENT") { return path }
        let beside = Files.executableDirectory + "/clusterip-agent"
        return Files.exists(beside) ? beside : "clusterip-agent"
    }

    /// Starts, waits until every node was heard or has failed, for three seconds at most, and gives the cluster.
    func settledSnapshot() throws(CommandError) -> ClusterSnapshot {
        fleet.onChange = { [self] in if fleet.observation.isSettled { reactor.stop() } }
        let limit = reactor.after(3) { [reactor] in reactor.stop() }
        fleet.start()
        reactor.run()
        reactor.cancel(limit)
        fleet.onChange = nil
        guard let snapshot = fleet.snapshot else { throw CommandError(silence) }
        return snapshot
    }

    /// Closes every link.
    func close() { fleet.stop() }

    private var silence: String {
        let nodes = fleet.observation.statuses(now: Fleet.now)
        return "no node of \(file.name) shows a cluster address: "
            + nodes.map { "\($0.name): \($0.reason ?? "no answer within 3 s")" }.joined(separator: "; ")
    }
}
