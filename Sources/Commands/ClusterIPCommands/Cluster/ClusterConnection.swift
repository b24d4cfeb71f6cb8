import AgentProtocol
import ClusterModel
import Execution
import Glibc
import NodeLinks
import Planning
import Reactor
import Wording

/// The nodes of a cluster file, connected: a reactor with a fleet on it.
final class ClusterConnection {
    /// How many files a command opens beside its links: the terminal, the journal and what waits on them.
    private static let files = 32
    /// So long, in seconds, a service that does not reply is watched before nothing is said of it.
    private static let serviceDelay = 4.0
    /// How many files a link needs.
    private static let filesPerNode = 4

    let reactor: Reactor
    let fleet: Fleet
    let file: ClusterFile
    private var isStarted = false

    /// Links to every node of the file; nothing is opened before `start`.
    ///
    /// - Parameter reactor: the one of other clusters in this program; nil: one of its own.
    init(_ file: ClusterFile, interval: Double = 1, reactor: Reactor? = nil) throws(CommandError) {
        // Else nodes would seem unreachable that are well.
        guard FileLimit.hasRoom(for: Self.files + file.nodes.count * Self.filesPerNode) else {
            throw CommandError("\(file.nodes.count) nodes cannot be reached: \(FileLimit.sentence)")
        }
        if let reactor {
            self.reactor = reactor
        } else {
            do throws(SystemError) { self.reactor = try Reactor() } catch { throw CommandError(error.description) }
        }
        self.file = file
        let agent = Self.agentPath
        let reactor = self.reactor
        let budget = LinkBudget(links: file.nodes.count)
        fleet = Fleet(
            name: file.name,
            observation: ClusterObservation(name: file.name, address: file.address, nodes: file.nodes.map(\.name)),
            nodes: file.nodes.map {
                (
                    $0.name,
                    ProcessLink(
                        arguments: $0.link.arguments(agent: agent, isReadOnly: $0.isReadOnly), reactor: reactor,
                        endsWithProgram: $0.link.isRemote, budget: budget)
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
        // A first sample of many buckets takes its time on a busy node.
        var patience = 5
        let limit = reactor.after(seconds, repeating: true) { [reactor, fleet] in
            patience -= 1
            if patience < 1 || !fleet.observation.awaitsFirstSample { reactor.stop() }
        }
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

/// Waiting on the nodes and on the operator, with the links served meanwhile.
extension ClusterConnection {
    /// The cluster once every member's packets were counted twice; whatever is known after three seconds.
    func snapshotWithRates() -> ClusterSnapshot? { snapshot(limit: 3) { !$0.rates.isEmpty } }

    /// The cluster after it was watched for so many seconds.
    func watchedSnapshot(for seconds: Double) -> ClusterSnapshot? { snapshot(limit: seconds) { _ in false } }

    /// The cluster once every member's packets were counted three times; whatever is known after so many seconds.
    func countedSnapshot(limit seconds: Double) -> ClusterSnapshot? {
        snapshot(limit: seconds) {
            $0.arrivals.count == 2 || $0.sample?.capabilities.counters.contains(.arrived) == false
        }
    }

    /// The same, with a service that did not reply so far watched on for a while: it may hang, or have nothing to say.
    func measuredSnapshot(limit seconds: Double) -> ClusterSnapshot? {
        let first = countedSnapshot(limit: seconds)
        guard first?.nodes.contains(where: { $0.service?.state == .waiting }) == true else { return first }
        return snapshot(limit: Self.serviceDelay) { $0.service?.state != .waiting }
    }

    /// The cluster once every member satisfies a condition; whatever is known after so many seconds.
    private func snapshot(limit seconds: Double, when isReady: @escaping (NodeStatus) -> Bool) -> ClusterSnapshot? {
        func isMeasured() -> Bool {
            fleet.snapshot?.nodes.allSatisfy { $0.state != .live || $0.sample == nil || isReady($0) } ?? false
        }
        fleet.onChange = { [self] in if isMeasured() { reactor.stop() } }
        let limit = reactor.after(seconds) { [reactor] in reactor.stop() }
        if !isMeasured() { reactor.run() }
        reactor.cancel(limit)
        fleet.onChange = nil
        return fleet.snapshot
    }

    /// Live connections by node and bucket, from every live node that answers within a second.
    func countedConnections(_ snapshot: ClusterSnapshot) -> [String: [Int: Int]] {
        var counted: [String: [Int: Int]]?
        fleet.countConnections(snapshot) { [reactor] in
            counted = $0
            reactor.stop()
        }
        if counted == nil { reactor.run() }
        return counted ?? [:]
    }

    /// Asks the operator for a line; nil at the end of input, and when something else ended the wait.
    func ask(_ question: String, isInterrupted: () -> Bool = { false }) -> String? {
        CommandIO.print(question)
        guard let token = try? reactor.watch(STDIN_FILENO, handler: { [reactor] _ in reactor.stop() }) else {
            return readLine()
        }
        reactor.run()
        reactor.cancel(token)
        return isInterrupted() ? nil : readLine()
    }
}

extension ClusterConnection {
    /// How far a plan has come, by what the kernels of the nodes that take part in it hold now; waits for their answers.
    func recovery(of plan: Plan) -> Recovery {
        var found: KernelReader.Found?
        KernelReader(fleet, timeout: KernelReader.patience(buckets: plan.bucketCount)).read(
            plan.address, nodes: Recovery.nodes(of: plan)
        ) { [reactor] in
            found = $0
            reactor.stop()
        }
        if found == nil { reactor.run() }
        return Recovery(plan: plan, kernels: found?.kernels ?? [:], bare: found?.bare ?? [])
    }
}

extension Fleet {
    /// Counts live connections by node and bucket on every live member; one that does not answer in a second is left
    /// out.
    func countConnections(_ snapshot: ClusterSnapshot, completion: @escaping ([String: [Int: Int]]) -> Void) {
        let members = snapshot.nodes.indices.filter {
            snapshot.nodes[$0].state == .live && snapshot.nodes[$0].sample != nil
        }
        guard !members.isEmpty else { return completion([:]) }
        var counted: [String: [Int: Int]] = [:]
        var unheard = members.count
        for index in members {
            call(.connections(snapshot.configuration.address), node: index, timeout: 1) { result in
                if case .success(.connections(let counts)) = result { counted[snapshot.nodes[index].name] = counts }
                unheard -= 1
                if unheard == 0 { completion(counted) }
            }
        }
    }
}
