import AgentProtocol
import Canvas
import ClusterModel
import ConsoleCore
import Execution
import Journal
import NcursesTerminal
import Observation
import Planning
import Responsibility
import ThemeFiles

extension ConsoleProgram {
    /// Carries out what the console wants done; what comes of it comes back as messages.
    func perform(_ effect: Effect) {
        switch effect {
        case .quit: quit()
        case .plan(let wish): plan(wish)
        case .readJournal: readJournal()
        case .execute(let plan, let forced): execute(plan, forced: forced)
        case .abortExecution: runner?.abort()
        case .copy(let text): if !terminal.copy(text) { say("this is too long for the terminal's clipboard") }
        case .export(let screen, let format): export(screen, format)
        case .setTheme(let name): setTheme(name)
        case .suspend: if case .resized(let size) = terminal.stopProcess() { take(.resized(size)) }
        case .repaint: terminal.redraw()
        case .refresh: fleet.refresh()
        case .askConnections(let flow): askConnections(flow)
        }
    }

    private func say(_ text: String, _ kind: Notice.Kind = .failure) { take(.notice(Notice(text, kind: kind))) }

    private func plan(_ wish: Wish) {
        guard let snapshot = fleet.snapshot else { return take(.planRefused("nothing is known of the cluster yet")) }
        fleet.countConnections(snapshot) { [self] connections in
            let operation = OperationID.make()
            settlements[operation] = JournalRecorder.Settlement(wish)
            let planner = Planner(
                snapshot: fleet.snapshot ?? snapshot, operation: operation, connections: connections)
            do throws(PlanError) { take(.planReady(try planner.plan(wish))) } catch {
                take(.planRefused(error.description))
            }
        }
    }

    private func execute(_ plan: Plan, forced: [String]) {
        do throws(PlanError) {
            guard let snapshot = fleet.snapshot else { return }
            try Planner(snapshot: snapshot, operation: plan.operation).requireCurrent(plan)
        } catch {
            return take(.planFinished(.stopped(error.description)))
        }
        if let risk = plan.risks.first(where: { $0.mustBeForced && !forced.contains($0.name) }) {
            return take(.planFinished(.stopped("not done: \(risk.text)")))
        }
        let recorder = JournalRecorder(journal, cluster: name, settling: settlements[plan.operation])
        let runner = PlanRunner(plan: plan, fleet: fleet, recorder: recorder)
        self.runner = runner
        runner.onProgress = { [self] execution in
            for (index, entry) in execution.entries.enumerated() {
                take(.planProgress(step: index, StepProgress(entry.state)))
            }
        }
        runner.onEnd = { [self] outcome in
            self.runner = nil
            take(.planFinished(PlanOutcome(outcome)))
            if let problem = recorder.problem { say(problem) }
            readJournal()
        }
        do throws(PlanRecorderError) {
            try runner.start()
        } catch {
            self.runner = nil
            take(.planFinished(.stopped(error.description)))
        }
    }

    private func setTheme(_ name: String) {
        do {
            theme = try library.load(name).theme
            terminal.redraw()
            take(.themeChanged(theme.name))
        } catch { say("\(error)") }
    }

    private func askConnections(_ flow: Flow) {
        guard let configuration = fleet.snapshot?.configuration else { return }
        let bucket = configuration.placement.bucket(of: flow)
        var replies = fleet.names.map { FlowConnection(node: $0, text: "not asked yet", isKnown: false) }
        for (index, name) in fleet.names.enumerated() {
            fleet.call(.connections(configuration.address), node: index) { [self] result in
                replies[index] = FlowConnection(node: name, result, bucket: bucket)
                take(.connections(flow, replies))
            }
        }
    }

    private func export(_ screen: Screen, _ format: ExportFormat) {
        guard let snapshot = fleet.snapshot else { return say("nothing is known of the cluster yet") }
        do throws(CommandError) {
            let path = try SnapshotExport(snapshot: snapshot, format: format).write(name: screen.title.lowercased())
            say("written to \(path)", .information)
        } catch { say(error.description) }
    }
}

extension JournalRecorder.Settlement {
    /// What becomes of the earlier plan that a wish is about; nil when it is about none.
    fileprivate init?(_ wish: Wish) {
        switch wish {
        case .undo(let plan): self.init(operation: plan.operation, outcome: .undone)
        case .finish(let plan): self.init(operation: plan.operation, outcome: .resumed)
        default: return nil
        }
    }
}

extension StepProgress {
    /// The console's word for a step's state.
    init(_ state: StepState) {
        switch state {
        case .waiting: self = .waiting
        case .running: self = .running
        case .done: self = .done
        case .refused(let why), .unknown(let why), .skipped(let why): self = .failed(why)
        }
    }
}

extension PlanOutcome {
    /// The console's word for what a plan came to.
    init(_ outcome: PlanRunner.Outcome) {
        if outcome.execution.succeeded {
            self = .completed(after: outcome.after)
        } else {
            let failed = outcome.execution.entries.first { $0.state != .done }
            self = .stopped(
                failed.map { "\($0.step.node): \($0.state.reason ?? "not done"); see where each bucket is now" }
                    ?? "a claim was refused, and its buckets were given back")
        }
    }
}

extension FlowConnection {
    /// What one node says of the connections in a flow's bucket.
    init(node: String, _ result: Result<AgentResult, AgentFailure>, bucket: Int) {
        switch result {
        case .success(.connections(let counts)):
            let count = counts[bucket] ?? 0
            self.init(
                node: node,
                text: count == 1 ? "1 connection of bucket \(bucket)" : "\(count) connections of bucket \(bucket)",
                isKnown: count > 0)
        case .success: self.init(node: node, text: "no answer that makes sense", isKnown: false)
        case .failure(let failure): self.init(node: node, text: failure.message, isKnown: false)
        }
    }
}
