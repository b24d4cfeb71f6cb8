import ClusterModel
import Execution
import Journal
import NodeLinks
import Planning
import Reactor
import Wording

/// What all commands that make a plan do with a request: look, plan, show, ask, look again, carry out.
struct PlanCommandBody {
    let options: PlanOptions

    /// Runs a command; the request is made from what the cluster shows.
    ///
    /// - Parameter needsRates: whether the request cannot do without rates; otherwise they are waited for when the operator
    ///   is to be asked, who may want to see them.
    func run(needsRates: Bool = false, _ request: (ClusterSnapshot) throws(CommandError) -> PlanRequest) throws {
        try Console.run {
            let connection = try ClusterConnection(options.cluster.load())
            defer { connection.close() }
            CutOffNotice.complain(cluster: connection.file.name)
            var snapshot = try connection.awaitedSnapshot()
            if needsRates || !options.yes { snapshot = connection.snapshotWithRates() ?? snapshot }
            let plan = options.closing.adding(to: try plan(request(snapshot), snapshot, connection))
            try PlanText(plan: plan, closing: options.closing).print(options.format, isLast: options.dryRun)
            if options.dryRun { return .done }
            guard
                try PlanConsent(plan: plan, yes: options.yes, forced: options.force)
                    .isGiven(ask: { connection.ask($0) })
            else { return .declined }
            return try carryOut(plan, connection)
        }
    }

    private func plan(
        _ request: PlanRequest, _ snapshot: ClusterSnapshot, _ connection: ClusterConnection
    ) throws(CommandError) -> Plan {
        let planner = Planner(
            snapshot: snapshot, operation: OperationID.make(), reason: options.reason?.madeSafe(limit: 1000),
            connections: connection.countedConnections(snapshot))
        do throws(PlanError) { return try planner.plan(request) } catch { throw CommandError(error.sentence) }
    }

    /// Carries a plan out, unless the cluster has changed since it was shown.
    private func carryOut(_ plan: Plan, _ connection: ClusterConnection) throws -> ExitStatus {
        guard let snapshot = connection.fleet.snapshot else {
            throw CommandError("no node of the cluster could be reached")
        }
        let journal = Journal.place(cluster: connection.file.name)
        if Staleness(plan, in: snapshot) != nil {
            var sentence: String?
            StaleNotice(fleet: connection.fleet, journal: journal).look(plan, snapshot) {
                sentence = $0
                connection.reactor.stop()
            }
            if sentence == nil { connection.reactor.run() }
            throw CommandError(sentence ?? "nothing was changed: the plan is stale")
        }
        let session = PlanSession(
            connection: connection, journal: journal, format: options.format, closing: options.closing.options)
        return try session.carryOut(PlanExecution(plan: plan, options: options.closing.options))
    }
}
