import ClusterModel
import Execution
import Observation
import Planning

/// What all commands that make a plan do with a wish: look, plan, show, ask, look again, carry out.
struct PlanCommandBody {
    let options: PlanOptions

    /// Runs a command; the wish is made from what the cluster shows.
    ///
    /// - Parameter needsRates: whether the wish cannot do without rates; otherwise they are waited for when the operator
    ///   is to be asked, who may want to see them.
    func run(needsRates: Bool = false, _ wish: (ClusterSnapshot) throws(CommandError) -> Wish) throws {
        try Console.run {
            let connection = try ClusterConnection(options.cluster.load())
            defer { connection.close() }
            CutOffNotice.complain(cluster: connection.file.name)
            var snapshot = try connection.settledSnapshot()
            if needsRates || !options.yes { snapshot = connection.snapshotWithRates() ?? snapshot }
            let plan = try plan(wish(snapshot), snapshot, connection)
            if options.format == .table { Console.print(PlanText(plan: plan).text) }
            if options.dryRun {
                if options.format == .json { try report(plan, nil) }
                return .done
            }
            guard
                try PlanConsent(plan: plan, yes: options.yes, forced: options.force)
                    .isGiven(ask: connection.ask)
            else { return .declined }
            return try carryOut(plan, connection)
        }
    }

    private func plan(
        _ wish: Wish, _ snapshot: ClusterSnapshot, _ connection: ClusterConnection
    ) throws(CommandError) -> Plan {
        let planner = Planner(
            snapshot: snapshot, operation: OperationID.make(), reason: options.reason?.madeSafe(limit: 1000),
            connections: connection.countedConnections(snapshot))
        do throws(PlanError) { return try planner.plan(wish) } catch { throw CommandError(error.description) }
    }

    /// Carries a plan out, unless the cluster has changed since it was shown.
    private func carryOut(_ plan: Plan, _ connection: ClusterConnection) throws -> ExitStatus {
        do throws(PlanError) {
            guard let snapshot = connection.fleet.snapshot else { throw .noTaker }
            try Planner(snapshot: snapshot, operation: plan.operation).requireCurrent(plan)
        } catch { throw CommandError(error.description) }
        let progress = PlanProgress(connection: connection, plan: plan, isQuiet: options.format == .json)
        let status = try progress.run()
        if options.format == .json { try report(plan, progress.outcome) }
        return status
    }

    private func report(_ plan: Plan, _ outcome: PlanRunner.Outcome?) throws {
        Console.print(try JSONText.text(PlanReport(plan, outcome: outcome), pretty: true))
    }
}
