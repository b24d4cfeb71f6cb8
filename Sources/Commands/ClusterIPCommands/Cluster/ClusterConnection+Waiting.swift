import AgentProtocol
import ClusterModel
import Glibc
import NodeLinks
import Reactor

/// Waiting on the nodes and on the operator, with the links served meanwhile.
extension ClusterConnection {
    /// The cluster once every member's packets were counted twice; whatever is known after three seconds.
    func snapshotWithRates() -> ClusterSnapshot? { snapshot(limit: 3) { !$0.rates.isEmpty } }

    /// The cluster once every member's packets were counted three times; whatever is known after so many seconds.
    func measuredSnapshot(limit seconds: Double) -> ClusterSnapshot? {
        snapshot(limit: seconds) { $0.arrivals.count == 2 }
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
