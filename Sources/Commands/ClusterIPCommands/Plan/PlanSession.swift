import ClusterModel
import Execution
import Glibc
import Journal
import NodeLinks
import Planning
import Reactor
import Wording

/// Carries a plan out on the command line; when it was stopped or cut short, offers to complete it or to take it back.
final class PlanSession {
    let connection: ClusterConnection
    private let journal: Journal
    let format: PlanFormat
    let closing: PlanExecution.Options
    let interrupts: PlanInterrupts

    init(
        connection: ClusterConnection, journal: Journal, format: PlanFormat, closing: PlanExecution.Options
    ) {
        self.connection = connection
        self.journal = journal
        self.format = format
        self.closing = closing
        interrupts = PlanInterrupts(connection.reactor)
    }

    /// Carries an execution out and says what it came to.
    func carryOut(
        _ execution: PlanExecution, resolving: JournalRecorder.Resolution? = nil
    ) throws -> ExitStatus {
        interrupts.reset()
        let recorder = JournalRecorder(journal, cluster: connection.file.name, resolving: resolving)
        let progress = PlanProgress(
            connection: connection, execution: execution, recorder: recorder, format: format)
        try progress.run(interrupts)
        if let problem = recorder.problem { CommandIO.complain(problem) }
        let plan = execution.plan
        guard let outcome = progress.outcome else {
            let others = (try? journal.cutOff(cluster: connection.file.name)) ?? []
            CommandIO.complain("left in the middle: \(CutOffNotice.remedy(others.isEmpty ? nil : plan.operation))")
            return .partly
        }
        say(outcome)
        try report(plan, outcome)
        let status = judge(outcome)
        guard status == .partly, interrupts.isStopping, outcome.recovery.isUnfinished else { return status }
        return try offer(outcome) ?? status
    }

    // MARK: What it came to

    private func say(_ outcome: PlanOutcome) {
        guard format == .table else { return }
        for name in outcome.plan.nodes {
            guard let found = outcome.after[name] else {
                if outcome.bare.contains(name), outcome.recovery.members[name] == .moved {
                    CommandIO.offer("\(name) is no member any more\n")
                    continue
                }
                if outcome.bare.contains(name) {
                    CommandIO.complain("\(name) has no table any more")
                    continue
                }
                let change = connection.fleet.snapshot?.nodes.first { $0.name == name }?.lastChange
                let process = change?.program.otherProcess
                let hand = process.map { "; its ruleset was changed by \($0.text)" } ?? ""
                CommandIO.complain("\(name) could not be read again\(hand)")
                continue
            }
            let draining = found.draining.isEmpty ? "" : ", drains \(found.draining)"
            let adopted = found.adopted.isEmpty ? "" : ", resets unknown connections of \(found.adopted)"
            let accepting = found.accepting.isEmpty ? "nothing" : found.accepting.description
            CommandIO.offer("\(name) now answers \(accepting)\(draining)\(adopted)\n")
        }
        if closing.finalizeAfter == nil, isLeftAdopted(outcome) {
            CommandIO.offer(
                "nothing more has to be done now; when clients have had a minute to notice, `clusterip settle` ends that\n"
            )
        }
    }

    /// Whether the plan left buckets adopted that nothing but another plan will settle.
    private func isLeftAdopted(_ outcome: PlanOutcome) -> Bool {
        let adopted = outcome.after.values.reduce(BucketSet()) { $0.union($1.adopted) }
        return !adopted.intersection(BucketSet(outcome.plan.moves.map(\.bucket))).isEmpty
    }

    private func report(_ plan: Plan, _ outcome: PlanOutcome) throws {
        let report = PlanReport(plan, outcome: outcome)
        switch format {
        case .table: break
        case .json: CommandIO.print(try JSONText.text(report, pretty: true))
        case .ndjson:
            CommandIO.print(try JSONText.text(ProgressRecord.Whole(event: "result", plan: report), pretty: false))
        }
    }

    /// The exit status, with the sentences that explain one that is not 0.
    private func judge(_ outcome: PlanOutcome) -> ExitStatus {
        if outcome.isConfirmed {
            for status in outcome.unclosed {
                CommandIO.complain("\(status.leftover); \(status.role == .endDrain ? Self.later : Self.settling)")
            }
            return outcome.unclosed.isEmpty ? .done : .partly
        }
        for line in Overtaking(outcome, journal, connection.fleet.snapshot).lines { CommandIO.complain(line) }
        switch outcome.result {
        case .nothingChanged where interrupts.isStopping:
            CommandIO.complain("stopped before anything was changed")
            return .declined
        case .nothingChanged:
            CommandIO.complain(outcome.nothingChangedSentence)
            return .failed
        case .partly where outcome.plan.moves.isEmpty:
            for status in outcome.steps {
                guard let failure = status.progress.failure else { continue }
                CommandIO.complain("\(status.step.words) was not done: \(failure.sentence)")
            }
            return .partly
        case .done, .unclosed, .partly:
            if outcome.result.hasSucceeded, !outcome.besides.isEmpty || !outcome.abandoned.isEmpty { return .partly }
            if outcome.recovery.isUnfinished, canOffer { return .partly }
            CommandIO.complain("the plan was not carried out whole; \(hint(outcome))")
            return .partly
        }
    }

    private static let later = "`clusterip settle --wait 10m` waits for it"
    private static let settling = "`clusterip settle` ends it"
    private static let look = "`clusterip findings` shows what is wrong now, and what ends it"

    /// What helps: completing or taking back only what that can be done with.
    private func hint(_ outcome: PlanOutcome) -> String {
        let recovery = outcome.recovery
        let owners = outcome.after.values.flatMap(\.accepting)
        let counts = Dictionary(owners.map { ($0, 1) }, uniquingKeysWith: +)
        if recovery.places.keys.contains(where: { counts[$0, default: 0] > 1 }) {
            return "`clusterip repair` leaves one owner for every bucket"
        }
        if !recovery.places.isEmpty, recovery.isUntouched {
            return "every bucket is where it was before it: plan again"
        }
        guard recovery.isUnfinished, recovery.finishing(operation: "") != nil else { return Self.look }
        return CutOffNotice.remedy(recovery.plan.operation)
    }
}

/// Finish, undo or leave what was stopped.
extension PlanSession {
    var canOffer: Bool {
        interrupts.isStopping && !interrupts.isTerminated && format == .table && CommandIO.canAsk
    }

    /// Asks whether to complete or to take back what was stopped; nil when it is left as it is.
    func offer(_ outcome: PlanOutcome) throws -> ExitStatus? {
        guard canOffer else { return nil }
        let operation = outcome.plan.operation
        interrupts.reset()
        let plan = outcome.recovery.plan
        CommandIO.print("\nstopped on the way:\n" + BucketPlaces(outcome.recovery).text)
        for _ in 0..<3 {
            let answer = connection.ask("finish, undo, or leave it? ") { [interrupts] in interrupts.isStopping }
            // What could not be read before may be heard again.
            switch answer?.lowercased() {
            case "finish", "f": return try complete(connection.recovery(of: plan))
            case "undo", "u": return try takeBack(connection.recovery(of: plan))
            case "leave", "leave it", "l", nil:
                if answer == nil { CommandIO.offer("\n") }
                CommandIO.complain("left as it is: \(CutOffNotice.remedy(operation))")
                return nil
            default: continue
            }
        }
        CommandIO.complain("left as it is: \(CutOffNotice.remedy(operation))")
        return nil
    }

    private func complete(_ recovery: Recovery) throws -> ExitStatus {
        try carryOut(
            PlanExecution(
                planned { () throws(PlanError) in try recovery.completion(operation: OperationID.make()) },
                options: closing),
            resolving: .init(operation: recovery.plan.operation, ending: .resumed))
    }

    private func takeBack(_ recovery: Recovery) throws -> ExitStatus {
        guard let snapshot = connection.fleet.snapshot else {
            throw CommandError("no node of the cluster could be reached")
        }
        let marked = try planned { () throws(PlanError) in
            try recovery.reversal(operation: OperationID.make(), snapshot: snapshot)
        }
        let status = try carryOut(
            PlanExecution(marked, options: closing),
            resolving: .init(operation: recovery.plan.operation, ending: .undone))
        return status == .done ? .declined : status
    }

    private func planned(_ body: () throws(PlanError) -> MarkedPlan) throws(CommandError) -> MarkedPlan {
        do throws(PlanError) { return try body() } catch { throw CommandError(error.sentence, status: .partly) }
    }
}
