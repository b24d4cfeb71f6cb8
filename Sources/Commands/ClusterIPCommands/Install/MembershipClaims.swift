import AgentProtocol
import ClusterModel
import Execution
import Journal
import NodeLinks
import Planning
import Reactor
import Wording

/// Gives members buckets that nobody owns, by a plan: every other node confirms first that it does not own them.
struct MembershipClaims {
    let connection: ClusterConnection
    /// Names of risks that the operator has accepted.
    var forced: [String] = []

    /// Waits until these nodes are seen as members, and gives out every bucket that nobody owns.
    ///
    /// - Parameter owner: the node that is to own a bucket; nil leaves it alone. Without it the buckets are spread evenly.
    func claim(for nodes: Set<String>, owner: ((Int) -> String?)? = nil) throws -> ExitStatus {
        guard let snapshot = connection.snapshotWithMembers(nodes) else {
            throw CommandError("a new member is not heard; `clusterip findings` shows which buckets nobody owns")
        }
        guard let plan = try plan(snapshot, owner) else { return .done }
        for risk in plan.risks where risk.mustBeForced && !forced.contains(risk.name) {
            throw CommandError(
                "nobody owns bucket \(plan.buckets.summary) now: \(risk.sentence). When nothing there answers clients: "
                    + "clusterip repair --force \(risk.name)")
        }
        let session = PlanSession(
            connection: connection, journal: Journal.place(cluster: connection.file.name), format: .table,
            closing: .init())
        return try session.carryOut(PlanExecution(plan: plan))
    }

    /// The plan for the buckets that nobody owns; nil when there are none, or none that are meant.
    private func plan(_ snapshot: ClusterSnapshot, _ owner: ((Int) -> String?)?) throws(CommandError) -> Plan? {
        var plan: Plan
        do throws(PlanError) {
            plan = try Planner(snapshot: snapshot, operation: OperationID.make()).plan(.repair)
        } catch {
            if case .nothingToDo = error { return nil }
            throw CommandError("\(error.sentence); `clusterip findings` shows which buckets nobody owns")
        }
        plan.moves = plan.moves.compactMap { move in
            guard move.from == nil else { return nil }
            guard let owner else { return move }
            return owner(move.bucket).map { Move(bucket: move.bucket, from: nil, to: $0) }
        }
        return plan.moves.isEmpty ? nil : plan
    }
}

extension ClusterConnection {
    /// Asks a node for something that is done or refused, and waits for the answer.
    func carryOut(_ call: AgentCall, on name: String) throws(CommandError) {
        guard let index = fleet.names.firstIndex(of: name) else { throw CommandError("there is no node \(name)") }
        var failure: AgentFailure?
        fleet.call(call, node: index, timeout: 30) { [reactor] result in
            if case .failure(let why) = result { failure = why }
            reactor.stop()
        }
        reactor.run()
        if let failure { throw CommandError("\(name): \(failure.message.madeSafe(limit: 500))") }
    }

    /// The cluster once all these nodes show tables that place flows as most do; nil when one does not within five seconds.
    func snapshotWithMembers(_ names: Set<String>) -> ClusterSnapshot? {
        func isReady() -> Bool {
            guard let snapshot = fleet.snapshot else { return false }
            let scheme = snapshot.configuration.scheme
            let nodes = snapshot.nodes.filter { names.contains($0.name) }
            return nodes.count == names.count
                && nodes.allSatisfy { $0.state == .live && $0.sample?.configuration.scheme == scheme }
        }
        fleet.onChange = { [self] in if isReady() { reactor.stop() } }
        let limit = reactor.after(5) { [reactor] in reactor.stop() }
        if !isReady() { reactor.run() }
        reactor.cancel(limit)
        fleet.onChange = nil
        return isReady() ? fleet.snapshot : nil
    }
}
