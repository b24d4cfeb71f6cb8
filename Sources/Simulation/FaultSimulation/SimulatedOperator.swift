import AgentProtocol
import ClusterModel
import Execution
import NodeLinks
import Planning
import Reactor
import SimulatedNodes
import Wording

/// An operator with a console: makes plans at random, is killed in the middle of them, and looks after what is unfinished.
final class SimulatedOperator {
    let index: Int
    unowned let world: SimulatedWorld
    private var fleet: Fleet?
    private var runner: PlanRunner?
    private var record: SimulatedJournalRecord?
    private(set) var records: [SimulatedJournalRecord] = []
    private var timer: Reactor.Token?
    /// Only completes, takes back and repairs.
    private(set) var isRecovering = false
    /// Killed in the middle of an event: nothing is sent or written any more.
    private(set) var isDying = false

    init(index: Int, world: SimulatedWorld) {
        self.index = index
        self.world = world
    }

    var isBusy: Bool { runner != nil }
    var isRunning: Bool { fleet != nil }
    /// The cluster as the operator sees it, with findings.
    var snapshot: ClusterSnapshot? { fleet?.snapshot }

    func start() {
        let nodes = world.nodes(inFileOf: index)
        let fleet = Fleet(
            name: "simulation",
            observation: ClusterObservation(
                name: "simulation", address: world.configuration.address, nodes: nodes.map(\.name)),
            nodes: nodes.map { ($0.name, FaultyLink(node: $0, console: self)) }, reactor: world.clock,
            interval: 2)
        self.fleet = fleet
        isDying = false
        fleet.start()
        schedule()
    }

    /// The console's process is gone, with all that it knew; its journal stays.
    func kill() {
        fleet?.stop()
        if let timer { world.clock.cancel(timer) }
        (fleet, runner, record, timer) = (nil, nil, nil, nil)
    }

    /// From now on only looks after what is unfinished, everybody's.
    func recover() {
        isRecovering = true
        if fleet == nil { start() }
    }

    /// Whether a plan that is being carried out takes the operator's word that a node is off.
    func vouchesFor(_ node: String) -> Bool {
        record?.plan.risks.contains { $0.silent.contains(node) } == true
    }

    private func schedule() {
        timer = world.clock.after(isRecovering ? 0.5 : 0.1 + Double(world.random.below(1000)) / 1000) { [weak self] in
            self?.act()
            self?.schedule()
        }
    }

    private func act() {
        guard let fleet else { return }
        if let runner {
            if !isRecovering, world.random.below(20) == 0 {
                world.count("console stopped by Ctrl-C")
                world.log(.person(index), "presses Ctrl-C")
                runner.stop()
            }
        } else if let record = unresolved.first {
            record.isResolved = true
            recover(record)
        } else if !isRecovering, world.random.below(8) == 0, let record = records.last {
            recover(record)
        } else if let snapshot = fleet.bareSnapshot ?? emptySnapshot(fleet) {
            Workload(console: self, snapshot: snapshot).requestPlan()
        }
    }

    /// The cluster of which nobody is a member any more, as who makes it anew knows it.
    private func emptySnapshot(_ fleet: Fleet) -> ClusterSnapshot? {
        isRecovering ? ClusterSnapshot(configuration: world.configuration, nodes: fleet.statuses) : nil
    }

    /// What no console has looked after since the one that began it died.
    var unresolved: [SimulatedJournalRecord] {
        let all = isRecovering ? world.operators.flatMap(\.records) : records
        return all.filter { !$0.isEnded && !$0.isResolved }
    }

    /// A plan of the journal, cut off or not: completes it or takes it back.
    private func recover(_ record: SimulatedJournalRecord) {
        guard let fleet else { return }
        KernelReader(fleet).read(record.plan.address, nodes: Recovery.nodes(of: record.plan)) { [weak self] in
            guard let self, runner == nil else { return }
            let kernels =
                world.interception?.kernels(read: $0.kernels, recorded: record.kernels) ?? $0.kernels
            let recovery = Recovery(plan: record.plan, kernels: kernels, bare: $0.bare)
            if isRecovering, !recovery.isUnfinished { return }
            follow(recovery)
        }
    }

    private func follow(_ recovery: Recovery) {
        let operation = world.nextOperation()
        let options = Workload.options(&world.random)
        let attempt =
            world.random.below(2) == 0
            ? try? recovery.completion(operation: operation)
            : fleet?.bareSnapshot.flatMap { try? recovery.reversal(operation: operation, snapshot: $0) }
        guard let marked = attempt, world.isTrue(marked.plan) else { return }
        world.report.recovering += 1
        run(marked, options, "recovery")
    }

    func run(_ marked: MarkedPlan, _ options: PlanExecution.Options, _ request: String) {
        guard let fleet, runner == nil else { return }
        let plan = marked.plan
        world.log(.person(index), "begins \(plan.operation), \(plan.mode): \(plan.title)")
        world.report.requests[request, default: 0] += 1
        let record = SimulatedJournalRecord(plan, console: self)
        records.append(record)
        self.record = record
        world.began(record)
        let runner = makeRunner(marked, options, fleet, record)
        self.runner = runner
        runner.onEnd = { [weak self, weak runner] outcome in
            guard let self, self.runner === runner, !isDying else { return }
            (self.runner, self.record) = (nil, nil)
            world.log(
                .person(index),
                "\(record.plan.operation) has ended, \(outcome.isConfirmed ? "confirmed" : "not confirmed")")
            world.ended(outcome, record)
            if !isRecovering, outcome.recovery.isUnfinished, world.random.below(2) == 0 { follow(outcome.recovery) }
        }
        try? runner.start()
    }

    /// A runner of a plan, by way of whoever stands in between.
    private func makeRunner(
        _ marked: MarkedPlan, _ options: PlanExecution.Options, _ fleet: Fleet, _ record: SimulatedJournalRecord
    ) -> PlanRunner {
        guard let interception = world.interception else {
            return PlanRunner(PlanExecution(marked, options: options), calls: fleet, recorder: record)
        }
        let recorder = interception.recorder(record)
        return PlanRunner(
            PlanExecution(marked, options: options, steps: interception.steps(of: marked.plan)),
            calls: interception.calls(fleet, recorder: recorder), recorder: recorder)
    }

    /// Whether the process still lives to send a frame; it may die just before or just after.
    func sends(_ frame: AgentFrame) -> Bool {
        guard !isDying else { return false }
        guard case .call(_, let call) = frame, call.changesNode, world.happens(onceIn: world.profile.consoleDeathOnceIn)
        else {
            return true
        }
        let sendsFirst = world.random.below(2) == 0
        die((sendsFirst ? "after sending " : "before sending ") + (record?.part(of: call) ?? call.method))
        return sendsFirst
    }

    /// The process dies at this very moment.
    func die(_ moment: String) {
        guard !isDying, world.faultsAreOn else { return }
        isDying = true
        world.report.deaths[moment, default: 0] += 1
        world.log(.person(index), "dies \(moment)")
        world.clock.after(0) { [weak self] in
            guard let self, isDying else { return }
            world.kill(index)
        }
    }

    /// What the operator sees is wrong.
    func noteFindings() {
        guard let snapshot else { return }
        for code in Set(snapshot.findings.map(\.code)) { world.report.findings[code, default: 0] += 1 }
    }
}
