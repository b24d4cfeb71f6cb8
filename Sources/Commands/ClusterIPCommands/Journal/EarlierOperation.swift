import ClusterModel
import Execution
import Journal
import NodeLinks
import Planning
import Wording

/// Completes or takes back an operation of the journal.
struct EarlierOperation {
    let operation: JournalEntry
    /// The operation's plan.
    let plan: Plan
    /// The operation's cluster, heard.
    let connection: ClusterConnection
    let snapshot: ClusterSnapshot
    private let options: PlanOptions
    private let ending: JournalEntry.Ending
    private let journal: Journal

    /// Finds the operation and hears its cluster; the ending is what it is to come to, `resumed` or `undone`.
    ///
    /// - Parameter id: nil: the only operation of the cluster that was cut off.
    init(_ id: String?, _ ending: JournalEntry.Ending, _ options: PlanOptions) throws(CommandError) {
        self.options = options
        self.ending = ending
        if let id {
            journal = Journal.place()
            operation = try journal.only(id)
        } else {
            let cluster = try options.consent.cluster.load().name
            journal = Journal.place(cluster: cluster)
            operation = try journal.onlyCutOff(cluster: cluster)
        }
        plan = try Self.plan(of: operation)
        connection = try ClusterConnection(options.consent.cluster.load())
        guard connection.file.name == operation.cluster, connection.file.address == plan.address else {
            throw CommandError(
                "\(operation.id) was made on \(operation.cluster) (\(plan.address)), not on \(connection.file.name): "
                    + "name its cluster with --cluster")
        }
        snapshot = try Self.snapshot(of: connection, for: plan)
    }

    /// The cluster; when it has no member any more, with the settings that it had.
    private static func snapshot(
        of connection: ClusterConnection, for plan: Plan
    ) throws(CommandError) -> ClusterSnapshot {
        guard let had = plan.membership.values.first?.configuration else { return try connection.awaitedSnapshot() }
        let statuses = connection.awaitedStatuses()
        return connection.fleet.snapshot ?? ClusterSnapshot(configuration: had, nodes: statuses)
    }

    /// The reason for the new plan.
    var reason: String? { options.consent.reason?.madeSafe(limit: 1000) }

    /// Prints for people.
    func say(_ text: String) { if options.consent.format == .table { CommandIO.print(text) } }

    /// The plan that a body makes.
    func planned(_ body: () throws(PlanError) -> MarkedPlan) throws(CommandError) -> MarkedPlan {
        do throws(PlanError) { return try body() } catch { throw CommandError(error.sentence) }
    }

    /// What the kernels of the nodes that took part hold now.
    func recovery() -> Recovery { connection.recovery(of: plan) }

    /// Shows a new plan, asks, and carries it out.
    func carryOut(_ marked: MarkedPlan) throws -> ExitStatus {
        let plan = options.closing.adding(to: marked.plan)
        try PlanText(plan: plan, closing: options.closing).print(options.consent.format, isLast: options.consent.dryRun)
        if options.consent.dryRun { return .done }
        guard
            try PlanConsent(plan: plan, yes: options.consent.yes, forced: options.consent.force)
                .isGiven(ask: { connection.ask($0) })
        else { return .declined }
        let session = PlanSession(
            connection: connection, journal: journal, format: options.consent.format, closing: options.closing.options)
        return try session.carryOut(
            PlanExecution(marked, options: options.closing.options),
            resolving: .init(operation: operation.id, ending: ending))
    }

    /// What an operation that others have overtaken came to.
    var overtakenEnding: JournalEntry.Ending {
        let moving = operation.steps.filter { step in
            step.step.map { $0.role == .release || $0.role == .claim || $0.role.isMembership } ?? false
        }
        return moving.contains { $0.progress == .done } ? .partly : .failed
    }

    /// Writes that nothing is to be done any more, whether or not buckets are left draining or adopted.
    func close(as ending: JournalEntry.Ending, isLeft: Bool = false) throws(CommandError) -> ExitStatus {
        say(Self.words(ending) + (isLeft ? "what it left draining or adopted goes on until `clusterip settle`\n" : ""))
        guard !options.consent.dryRun else { return .done }
        do throws(JournalError) { try journal.close(operation.id, as: ending) } catch {
            throw CommandError(error.description)
        }
        return .done
    }

    private static func words(_ ending: JournalEntry.Ending) -> String {
        switch ending {
        case .partly, .failed: "nothing of it is left to complete\n"
        case .done, .resumed, .undone: "nothing has to be done\n"
        }
    }

    private static func plan(of operation: JournalEntry) throws(CommandError) -> Plan {
        if operation.outcome == .running {
            throw CommandError(
                "\(operation.id) is being carried out now, by process \(operation.who.pid) of "
                    + "\(operation.who.text): wait until it has ended")
        }
        guard let plan = operation.plan else {
            throw CommandError(
                "the plan of \(operation.id) was written by another version and cannot be read by this one")
        }
        return plan
    }
}
