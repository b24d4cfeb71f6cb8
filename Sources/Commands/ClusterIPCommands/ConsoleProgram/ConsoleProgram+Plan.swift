import ClusterModel
import Console
import Execution
import Journal
import NodeLinks
import Planning
import Wording

/// Plans: worked out, carried out, stopped.
extension ConsoleProgram {
    /// Works out the plan of a request; `planReady` or `planRefused` answers.
    func plan(_ request: PlanRequest) {
        guard let snapshot = fleet.snapshot else { return take(.planRefused("nothing is known of the cluster yet")) }
        fleet.countConnections(snapshot) { [self] connections in
            let planner = Planner(
                snapshot: fleet.snapshot ?? snapshot, operation: OperationID.make(), connections: connections)
            do throws(PlanError) { take(.planReady(try planner.plan(request))) } catch {
                take(.planRefused(error.sentence))
            }
        }
    }

    /// Works out what completes an earlier plan or takes it back, by what the kernels hold now.
    func plan(_ request: RecoveryRequest) {
        let plan = request.plan
        KernelReader(fleet, timeout: KernelReader.patience(buckets: plan.bucketCount)).read(
            plan.address, nodes: Recovery.nodes(of: plan)
        ) { [self] found in
            guard let snapshot = fleet.snapshot else { return }
            let recovery = Recovery(plan: plan, kernels: found.kernels, bare: found.bare)
            let operation = OperationID.make()
            do throws(PlanError) {
                let (marked, ending): (MarkedPlan, JournalEntry.Ending) =
                    switch request {
                    case .finish: (try recovery.completion(operation: operation), .resumed)
                    case .undo: (try recovery.reversal(operation: operation, snapshot: snapshot), .undone)
                    }
                resolutions[operation] = JournalRecorder.Resolution(operation: plan.operation, ending: ending)
                marks[operation] = marked.marks
                take(.planReady(marked.plan))
            } catch { take(.planRefused(error.sentence)) }
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
            return take(.planFinished(.refused("not done: \(risk.sentence)")))
        }
        let recorder = JournalRecorder(journal, cluster: name, resolving: resolutions[plan.operation])
        let execution = PlanExecution(
            MarkedPlan(plan: plan, marks: marks[plan.operation]), options: .init(afterwards))
        let runner = PlanRunner(execution, calls: fleet, recorder: recorder)
        self.runner = runner
        runner.who = Operator.current.text
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

    private func finish(_ outcome: PlanOutcome, _ recorder: JournalRecorder) {
        runner = nil
        marks = [:]
        let overtaking = Overtaking(outcome, journal, fleet.snapshot)
        take(.planFinished(.ended(outcome, notes: overtaking.lines)))
        if let problem = recorder.problem { say(problem) }
        readJournal()
    }
}

extension PlanExecution.Options {
    /// The options for what an operator chose to follow.
    fileprivate init(_ afterwards: Afterwards) {
        self.init(
            drainWithin: afterwards.wait, atDeadline: afterwards.resets ? .reset : .keep,
            finalizeAfter: Afterwards.resetTime)
    }
}
