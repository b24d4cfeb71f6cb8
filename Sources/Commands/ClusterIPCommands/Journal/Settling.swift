import ClusterModel
import Journal
import Planning

/// Completes or takes back an operation of the journal.
struct Settling {
    let id: String
    /// `resumed` or `undone`.
    let outcome: RecordedOperation.Outcome
    let options: SettlingOptions
    private let journal = Journal(path: Journal.standardPath)

    init(id: String, outcome: RecordedOperation.Outcome, options: SettlingOptions) {
        self.id = id
        self.outcome = outcome
        self.options = options
    }

    /// Shows the plan that does it, asks, and carries it out.
    func run(_ make: (Planner, Plan) throws(PlanError) -> Plan) throws(CommandError) -> ExitStatus {
        let operation = try journal.only(id)
        let earlier = try plan(of: operation)
        let connection = try ClusterConnection(options.cluster.load())
        defer { connection.close() }
        guard connection.file.name == operation.cluster, connection.file.address == earlier.address else {
            throw CommandError(
                "\(operation.id) was made on \(operation.cluster) (\(earlier.address)), not on \(connection.file.name): "
                    + "name its cluster with --cluster")
        }
        let snapshot = try connection.settledSnapshot()
        let places = BucketPlaces(earlier, snapshot)
        Console.print(places.text + "\n")
        if outcome == .resumed ? places.isDone : places.isUntouched { return try note(operation) }
        let plan: Plan
        do throws(PlanError) {
            plan = try make(
                Planner(snapshot: snapshot, operation: OperationID.make(), reason: options.reason), earlier)
        } catch { throw CommandError(error.description) }
        Console.print(PlanText(plan: plan).text)
        if options.dryRun { return .done }
        if let risk = plan.risks.first(where: { $0.mustBeForced && !options.force.contains($0.name) }) {
            throw CommandError("not done: \(risk.text). To do it all the same: --force \(risk.name)")
        }
        if !options.yes, try !PlanPrompt.confirms(plan) { return .declined }
        try inWords { () throws(JournalError) in try journal.takeInHand(operation) }
        let recorder = JournalRecorder(
            journal, cluster: operation.cluster, settling: .init(operation: operation.id, outcome: outcome))
        return try PlanProgress(connection: connection, plan: plan, recorder: recorder).run()
    }

    private func plan(of operation: RecordedOperation) throws(CommandError) -> Plan {
        if operation.isRunning {
            throw CommandError(
                "\(operation.id) is being carried out now, by process \(operation.author.pid) of "
                    + "\(operation.author.text): wait until it has ended")
        }
        if outcome == .resumed, let ended = operation.outcome, ended == .done || ended == .resumed || ended == .undone {
            throw CommandError("\(operation.id) is \(ended.rawValue): there is nothing to complete")
        }
        guard let plan = operation.plan else {
            throw CommandError(
                "the plan of \(operation.id) was written by another version and cannot be read by this one")
        }
        return plan
    }

    private func note(_ operation: RecordedOperation) throws(CommandError) -> ExitStatus {
        Console.print("nothing has to be done: every bucket is where it should be\n")
        guard !options.dryRun else { return .done }
        try inWords { () throws(JournalError) in
            try journal.takeInHand(operation)
            try journal.settle(operation.id, outcome)
        }
        return .done
    }

    private func inWords(_ body: () throws(JournalError) -> Void) throws(CommandError) {
        do throws(JournalError) { try body() } catch { throw CommandError(error.description) }
    }
}
