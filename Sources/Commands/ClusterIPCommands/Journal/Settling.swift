import ClusterModel
import Execution
import Journal
import Planning

/// Completes or takes back an operation of the journal.
struct Settling {
    let operation: RecordedOperation
    /// The operation's plan.
    let plan: Plan
    /// The operation's cluster, heard.
    let connection: ClusterConnection
    let snapshot: ClusterSnapshot
    private let options: PlanOptions
    private let outcome: RecordedOperation.Outcome
    private let journal: Journal

    /// Finds the operation and hears its cluster; the outcome is what it is to become, `resumed` or `undone`.
    ///
    /// - Parameter id: nil: the only operation of the cluster that was cut off.
    init(_ id: String?, _ outcome: RecordedOperation.Outcome, _ options: PlanOptions) throws(CommandError) {
        self.options = options
        self.outcome = outcome
        if let id {
            journal = Journal.place()
            operation = try journal.only(id)
        } else {
            let cluster = try options.cluster.load().name
            journal = Journal.place(cluster: cluster)
            operation = try journal.onlyCutOff(cluster: cluster)
        }
        plan = try Self.plan(of: operation)
        connection = try ClusterConnection(options.cluster.load())
        guard connection.file.name == operation.cluster, connection.file.address == plan.address else {
            throw CommandError(
                "\(operation.id) was made on \(operation.cluster) (\(plan.address)), not on \(connection.file.name): "
                    + "name its cluster with --cluster")
        }
        snapshot = try connection.settledSnapshot()
    }

    /// The reason for the new plan.
    var reason: String? { options.reason?.madeSafe(limit: 1000) }

    /// Prints for people.
    func say(_ text: String) { if options.format == .table { Console.print(text) } }

    /// The execution of a plan that a body makes.
    func execution(_ body: () throws(PlanError) -> PlanExecution) throws(CommandError) -> PlanExecution {
        do throws(PlanError) { return try body() } catch { throw CommandError(error.description) }
    }

    /// What the kernels of the nodes that took part hold now.
    func recovery() -> Recovery { connection.recovery(of: plan) }

    /// Shows a new plan, asks, and carries it out.
    func carryOut(_ execution: PlanExecution) throws -> ExitStatus {
        let plan = options.closing.adding(to: execution.plan)
        try PlanText(plan: plan, closing: options.closing).print(options.format, isLast: options.dryRun)
        if options.dryRun { return .done }
        guard
            try PlanConsent(plan: plan, yes: options.yes, forced: options.force)
                .isGiven(ask: { connection.ask($0) })
        else { return .declined }
        let session = PlanSession(
            connection: connection, journal: journal, format: options.format, closing: options.closing.options)
        return try session.carryOut(execution, settling: .init(operation: operation.id, outcome: outcome))
    }

    /// What an operation that others have overtaken came to.
    var overtakenOutcome: RecordedOperation.Outcome {
        let moving = operation.steps.filter { $0.step?.role == .release || $0.step?.role == .claim }
        return moving.contains { $0.state == .done } ? .partly : .failed
    }

    /// Writes that nothing is to be done any more, whether or not buckets are left draining or adopted.
    func note(_ outcome: RecordedOperation.Outcome, isLeft: Bool = false) throws(CommandError) -> ExitStatus {
        say(Self.words(outcome) + (isLeft ? "what it left draining or adopted goes on until `clusterip settle`\n" : ""))
        guard !options.dryRun else { return .done }
        do throws(JournalError) { try journal.settle(operation.id, outcome) } catch {
            throw CommandError(error.description)
        }
        return .done
    }

    private static func words(_ outcome: RecordedOperation.Outcome) -> String {
        switch outcome {
        case .partly, .failed: "nothing of it is left to complete\n"
        case .done, .resumed, .undone: "nothing has to be done\n"
        }
    }

    private static func plan(of operation: RecordedOperation) throws(CommandError) -> Plan {
        if operation.isRunning {
            throw CommandError(
                "\(operation.id) is being carried out now, by process \(operation.author.pid) of "
                    + "\(operation.author.text): wait until it has ended")
        }
        guard let plan = operation.plan else {
            throw CommandError(
                "the plan of \(operation.id) was written by another version and cannot be read by this one")
        }
        return plan
    }
}
