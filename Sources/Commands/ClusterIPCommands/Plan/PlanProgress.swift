import ClusterModel
import Execution
import Glibc
import Journal
import Observation
import Planning
import Reactor

/// Carries a plan out on the command line, a line for every step.
final class PlanProgress {
    private let connection: ClusterConnection
    private let runner: PlanRunner
    private var shown: [StepState]
    private let isQuiet: Bool
    private let recorder: JournalRecorder
    /// What it came to; nil until the end.
    private(set) var outcome: PlanRunner.Outcome?

    /// A plan to be carried out; a quiet one prints nothing on standard output.
    convenience init(connection: ClusterConnection, plan: Plan, isQuiet: Bool = false) {
        let recorder = JournalRecorder(Journal.place(cluster: connection.file.name), cluster: connection.file.name)
        self.init(
            connection: connection, execution: PlanExecution(plan: plan), recorder: recorder, isQuiet: isQuiet)
    }

    /// An execution to be carried out and written down; a quiet one prints nothing on standard output.
    init(connection: ClusterConnection, execution: PlanExecution, recorder: JournalRecorder, isQuiet: Bool = false) {
        self.connection = connection
        self.isQuiet = isQuiet
        self.recorder = recorder
        runner = PlanRunner(execution, fleet: connection.fleet, recorder: recorder)
        shown = execution.entries.map { _ in .waiting }
    }

    /// Runs the plan to its end; Ctrl-C starts nothing new and ends between steps.
    func run() throws(CommandError) -> ExitStatus {
        try? connection.reactor.onSignals([SIGINT, SIGTERM]) { [self] _ in
            Console.complain("stopping between steps")
            runner.abort()
        }
        runner.onProgress = { [self] in show($0) }
        runner.onEnd = { [self] in
            outcome = $0
            connection.reactor.stop()
        }
        do throws(PlanRecorderError) { try runner.start() } catch { throw CommandError(error.description) }
        if outcome == nil { connection.reactor.run() }
        if let problem = recorder.problem { Console.complain(problem) }
        return report()
    }

    private func show(_ execution: PlanExecution) {
        for (index, entry) in execution.entries.enumerated() where entry.state.isOver {
            if index < shown.count, shown[index] == entry.state { continue }
            while shown.count <= index { shown.append(.waiting) }
            shown[index] = entry.state
            say(
                "\(Self.word(entry.state)): \(entry.words)\(entry.state.reason.map { " — \($0)" } ?? "")\(winner(entry))\n"
            )
        }
    }

    private func say(_ line: String) { if !isQuiet { Console.print(line) } }

    /// Who changed the node's ruleset last, when that is why a step was refused.
    private func winner(_ entry: PlanExecution.Entry) -> String {
        guard case .refused = entry.state,
            let change = connection.fleet.snapshot?.nodes.first(where: { $0.name == entry.step.node })?.lastChange
        else { return "" }
        return "; the last change there was made by \(change.author)"
    }

    private func report() -> ExitStatus {
        guard let outcome else { return .failed }
        for name in outcome.execution.plan.nodes {
            guard let found = outcome.after[name] else {
                Console.complain("\(name) could not be read again")
                continue
            }
            let draining = found.draining.isEmpty ? "" : ", drains \(found.draining)"
            say(
                "\(name) now answers \(found.answering.isEmpty ? "nothing" : found.answering.description)\(draining)\n")
        }
        if outcome.isConfirmed { return .done }
        Console.complain("the plan was not carried out whole; `clusterip status` shows where each bucket is")
        return outcome.execution.entries.contains { $0.state == .done } ? .partly : .failed
    }

    /// A word for a step's state.
    static func word(_ state: StepState) -> String {
        switch state {
        case .waiting, .running: "running"
        case .done: "done"
        case .refused: "refused"
        case .unknown: "unknown"
        case .skipped: "skipped"
        }
    }
}

extension PlanExecution.Entry {
    /// What the entry does, in words.
    var words: String { part.words(step) }
}

extension PlanExecution.Part {
    /// What a step does for this part of an execution, in words.
    func words(_ step: PlanStep) -> String {
        let buckets = BucketSet(step.request.changes.map(\.bucket))
        return switch self {
        case .planned: PlanText.words(step)
        case .guarding: "\(step.node) confirms that it does not answer \(buckets)"
        case .givingBack: "\(step.node) takes back \(buckets)"
        case .dropping: "\(step.node) forgets the connections of \(buckets)"
        case .endingDrain: "\(step.node) ends draining \(buckets)"
        case .adopting: "\(step.node) begins to reset connections it does not know in \(buckets)"
        case .settling: "\(step.node) ends resetting connections it does not know in \(buckets)"
        }
    }
}
