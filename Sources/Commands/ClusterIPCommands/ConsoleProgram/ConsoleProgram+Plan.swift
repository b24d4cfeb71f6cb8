import ClusterModel
import Console
import Execution
import Journal
import Observation
import Planning

/// Plans: worked out, carried out, stopped.
extension ConsoleProgram {
    /// Works out the plan of a request; `planReady` or `planRefused` answers.
    func plan(_ request: PlanRequest) {
        guard let snapshot = fleet.snapshot else { return take(.planRefused("nothing is known of the cluster yet")) }
        switch request {
        case .finish(let plan): return settle(plan, .resumed)
        case .undo(let plan): return settle(plan, .undone)
        default: break
        }
        fleet.countConnections(snapshot) { [self] connections in
            let planner = Planner(
                snapshot: fleet.snapshot ?? snapshot, operation: OperationID.make(), connections: connections)
            do throws(PlanError) { take(.planReady(try planner.plan(request))) } catch {
                take(.planRefused(error.description))
            }
        }
    }

    /// Completes an earlier plan or takes it back, by what the kernels hold now.
    private func settle(_ plan: Plan, _ outcome: RecordedOperation.Outcome) {
        KernelReader(fleet).read(plan.address, nodes: Recovery.nodes(of: plan)) { [self] found in
            guard let snapshot = fleet.snapshot else { return }
            let recovery = Recovery(plan: plan, kernels: found.kernels)
            let operation = OperationID.make()
            do throws(PlanError) {
                let execution =
                    outcome == .resumed
                    ? try recovery.completion(operation: operation)
                    : try recovery.reversal(operation: operation, snapshot: snapshot)
                settlements[operation] = JournalRecorder.Settlement(operation: plan.operation, outcome: outcome)
                executions[operation] = execution
                take(.planReady(execution.plan))
            } catch { take(.planRefused(error.description)) }
        }
    }

    /// Carries a plan out; `planProgress`, `planWaiting` and `planFinished` answer.
    func execute(_ plan: Plan, forced: [String], _ afterwards: Afterwards) {
        guard let snapshot = fleet.snapshot else { return }
        StaleNotice(fleet: fleet, journal: journal).look(plan, snapshot) { [self] sentence in
            if let sentence { return take(.planFinished(.refused(sentence))) }
            run(plan, forced: forced, afterwards)
        }
    }

    private func run(_ plan: Plan, forced: [String], _ afterwards: Afterwards) {
        if let risk = plan.risks.first(where: { $0.mustBeForced && !forced.contains($0.name) }) {
            return take(.planFinished(.refused("not done: \(risk.text)")))
        }
        let recorder = JournalRecorder(journal, cluster: name, settling: settlements[plan.operation])
        let execution = (executions[plan.operation] ?? PlanExecution(plan: plan)).with(options: .init(afterwards))
        let runner = PlanRunner(execution, calls: fleet, recorder: recorder)
        self.runner = runner
        runner.onProgress = { [self] in show($0) }
        runner.onEnd = { [self] in finish($0, recorder) }
        do throws(PlanRecorderError) { try runner.start() } catch {
            self.runner = nil
            take(.planFinished(.refused(error.description)))
        }
    }

    private func show(_ execution: PlanExecution) {
        for status in execution.steps { take(.planProgress(step: status.id, status.progress)) }
        take(.planWaiting(execution.wait, left: execution.connectionsLeft))
    }

    private func finish(_ outcome: PlanRunner.Outcome, _ recorder: JournalRecorder) {
        runner = nil
        executions = [:]
        let overtaking = Overtaking(outcome, journal, fleet.snapshot)
        take(.planFinished(PlanOutcome(outcome, overtaking.lines)))
        if let problem = recorder.problem { say(problem) }
        readJournal()
    }
}

extension PlanExecution.Options {
    /// The options for what an operator chose to follow.
    fileprivate init(_ afterwards: Afterwards) {
        self.init(
            drainWithin: afterwards.wait, atDeadline: afterwards.resets ? .reset : .keep,
            settleAfter: Afterwards.settleTime)
    }
}

extension PlanOutcome {
    /// The console's word for what a plan came to; the lines say who was faster where it lost a race.
    fileprivate init(_ outcome: PlanRunner.Outcome, _ overtaken: [String]) {
        let execution = outcome.execution
        if execution.succeeded {
            self = .completed(
                after: outcome.after,
                left: overtaken
                    + execution.unclosed.map { "\($0.leftover); :settle ends it" })
        } else if let line = overtaken.first {
            self = .stopped(line)
        } else if execution.plan.closing == nil, outcome.recovery.places.values.allSatisfy({ $0 == .untouched }),
            execution.steps.allSatisfy({ $0.role == .guard || $0.progress != .done })
        {
            let why = execution.steps.lazy.compactMap(\.progress.reason).first
            self = .refused("nothing was changed: \(why ?? "it was stopped")")
        } else {
            let failed = execution.steps.first { $0.progress != .done }
            self = .stopped(
                failed.map { "\($0.node): \($0.progress.reason ?? "not done"); see where each bucket is now" }
                    ?? "a claim was refused, and its buckets were given back")
        }
    }
}
