import AgentProtocol
import ClusterModel
import NodeLinks
import Reactor
import Wording

/// The nodes of a cluster file, connected: a reactor with a fleet on it.
final class ClusterConnection {
    /// How many files a command opens beside its links: the terminal, the journal and what waits on them.
    private static let files = 32
    /// How many files a link needs.
    private static let filesPerNode = 4

    let reactor: Reactor
    let fleet: Fleet
    let file: ClusterFile
    private var isStarted = false

    /// Links to every node of the file; nothing is opened before `start`.
    init(_ file: ClusterFile, interval: Double = 1) throws(CommandError) {
        // Else nodes would seem unreachable that are well.
        guard FileLimit.hasRoom(for: Self.files + file.nodes.count * Self.filesPerNode) else {
            throw CommandError("\(file.nodes.count) nodes cannot be reached: \(FileLimit.sentence)")
        }
        do throws(SystemError) { reactor = try Reactor() } catch { throw CommandError(error.description) }
        self.file = file
        let agent = Self.agentPath
        let reactor = reactor
        let budget = LinkBudget(links: file.nodes.count)
        fleet = Fleet(
            name: file.name,
            observation: ClusterObservation(name: file.name, address: file.address, nodes: file.nodes.map(\.name)),
            nodes: file.nodes.map {
                (
                    $0.name,
                    ProcessLink(
                        arguments: $0.link.arguments(agent: agent), reactor: reactor, endsWithProgram: $0.link.isRemote,
                        budget: budget)
                )
            },
            reactor: reactor, interval: interval)
    }

    /// Where the agent's executable is: beside this one, or on PATH.
    static var agentPath: String {
        if let path = Files.environment("CLUSTERIP_AGENT") { return path }
        let beside = Files.executableDirectory + "/clusterip-agent"
        return Files.exists(beside) ? beside : "clusterip-agent"
    }

    /// Starts, waits until every node was heard or has failed, for so many seconds at most, and gives the cluster.
    func awaitedSnapshot(limit seconds: Double = 5) throws(CommandError) -> ClusterSnapshot {
        awaitAnswers(limit: seconds)
        guard let snapshot = fleet.snapshot else { throw CommandError(silence) }
        return snapshot
    }

    /// Starts, waits until every node was heard or has failed, and says what is known of each, members or not.
    func awaitedStatuses() -> [NodeStatus] {
        awaitAnswers(limit: 12)
        return fleet.observation.statuses(now: Fleet.now)
    }

    /// Asks every node that a call is made for, once each has been heard or has failed, and waits for all answers.
    func ask(
        _ call: (String) -> AgentCall?
    ) throws(CommandError) -> [(name: String, result: Result<AgentResult, AgentFailure>)] {
        awaitAnswers(limit: 12)
        var results: [Int: Result<AgentResult, AgentFailure>] = [:]
        var missing = 0
        for (index, name) in fleet.names.enumerated() {
            guard let call = call(name) else { continue }
            missing += 1
            fleet.call(call, node: index, timeout: 30) { [self] result in
                results[index] = result
                missing -= 1
                if missing == 0 { reactor.stop() }
            }
        }
        if missing > 0 { reactor.run() }
        return results.sorted { $0.key < $1.key }.map { (fleet.names[$0.key], $0.value) }
    }

    /// Closes every link.
    func close() { fleet.stop() }

    private func awaitAnswers(limit seconds: Double) {
        guard !isStarted else { return }
        isStarted = true
        fleet.onChange = { [self] in if fleet.observation.hasEveryAnswer { reactor.stop() } }
        let limit = reactor.after(seconds) { [reactor] in reactor.stop() }
        fleet.start()
        reactor.run()
        reactor.cancel(limit)
        fleet.onChange = nil
    }

    private var silence: String {
        let nodes = fleet.statuses
        return "no node of \(file.name) shows a cluster address:"
            + nodes.map { node in
                "\n  \(node.name): \(node.silence(fleet.observation.address) ?? "nothing was heard of it")"
                    + (node.state == .live
                        ? "" : "; remedy: \(Remedy.mendLink(node: node.name, node.failure).sentence)")
            }.joined()
    }
}
