import ClusterModel
import Execution
import Observation
import Planning
import Reactor

/// An operator with a console: makes plans at random, is killed in the middle of them, and looks after what is unfinished.
final class ProofOperator {
    private let index: Int
    private unowned let world: ProofWorld
    private var fleet: Fleet?
    private var runner: PlanRunner?
    private(set) var records: [ProofRecord] = []
    private var timer: Reactor.Token?
    /// Only completes, takes back and repairs.
    private(set) var isRecovering = false

    init(index: Int, world: ProofWorld) {
        self.index = index
        self.world = world
    }

    var isBusy: Bool { runner != nil }
    var isRunning: Bool { fleet != nil }
    var snapshot: ClusterSnapshot? { fleet?.snapshot }

    func start() {
        let fleet = Fleet(
            name: "proof",
            observation: ClusterObservation(
                name: "proof", address: world.configuration.address, nodes: world.nodes.map(\.name)),
            nodes: world.nodes.map { ($0.name, ProofLink(world: world, node: $0)) }, reactor: world.clock,
            interval: 2)
        self.fleet = fleet
        fleet.start()
        schedule()
    }

    /// The console's process is gone, with all that it knew; its journal stays.
    func kill() {
        fleet?.stop()
        if let timer { world.clock.cancel(timer) }
        (fleet, runner, timer) = (nil, nil, nil)
    }

    /// From now on only looks after what is unfinished, everybody's.
    func recover() {
        isRecovering = true
        if fleet == nil { start() }
    }

    private func schedule() {
        timer = world.clock.after(isRecovering ? 0.5 : 0.1 + Double(world.random.below(1000)) / 1000) { [weak self] in
            self?.act()
            self?.schedule()
        }
    }

    private func act() {
        guard let snapshot = fleet?.snapshot else { return }
        if let runner {
            if !isRecovering, world.random.below(20) == 0 { runner.abort() }
        } else if let record = unsettled.first {
            settle(record)
        } else if isRecovering || world.random.below(4) == 0 {
            repair(snapshot)
        } else if world.random.below(3) == 0 {
            takeOver(snapshot)
        } else {
            move(snapshot)
        }
    }

    private var unsettled: [ProofRecord] {
        let all = isRecovering ? world.operators.flatMap(\.records) : records
        return all.filter { !$0.isEnded && !$0.isSettled }
    }

    /// A plan that was found unfinished: completes it or takes it back.
    private func settle(_ record: ProofRecord) {
        guard let fleet else { return }
        record.isSettled = true
        KernelReader(fleet: fleet).read(record.plan.address, nodes: Recovery.nodes(of: record.plan)) { [weak self] in
            guard let self, runner == nil else { return }
            follow(Recovery(plan: record.plan, kernels: $0))
        }
    }

    private func follow(_ recovery: Recovery) {
        guard recovery.isUnfinished else { return }
        let execution =
            world.random.below(2) == 0
            ? recovery.finishing(operation: world.nextOperation()) : recovery.undoing(operation: world.nextOperation())
        if let execution { run(execution) }
    }

    private func repair(_ snapshot: ClusterSnapshot) {
        guard !snapshot.coverage.orphans.isEmpty else { return }
        let target = world.nodes[Int(world.random.below(UInt64(world.nodes.count)))].name
        plan { try Planner(snapshot: snapshot, operation: $0).move(snapshot.coverage.orphans, to: target) }
    }

    private func move(_ snapshot: ClusterSnapshot) {
        let total = UInt64(world.configuration.totalNodes)
        let buckets = BucketSet((0...world.random.below(2)).map { _ in Int(world.random.below(total)) + 1 })
        let target = world.nodes[Int(world.random.below(UInt64(world.nodes.count)))].name
        let mode: MoveMode = world.random.below(2) == 0 ? .immediate : .graceful
        plan { try Planner(snapshot: snapshot, operation: $0).move(buckets, to: target, mode: mode) }
    }

    /// Takes over from a node that is truly off: the operator's word is true.
    private func takeOver(_ snapshot: ClusterSnapshot) {
        guard let dead = world.nodes.first(where: { !$0.isUp }),
            let status = snapshot.nodes.first(where: { $0.name == dead.name }), status.state != .live,
            let target = snapshot.nodes.first(where: { $0.state == .live })
        else { return }
        let moves = status.ownership.answering.map { Move(bucket: $0, from: nil, to: target.name) }
        guard !moves.isEmpty else { return }
        let before = Dictionary(snapshot.nodes.map { ($0.name, $0.ownership) }) { first, _ in first }
        let plan = Plan(
            title: "take over from \(dead.name)", address: snapshot.configuration.address,
            operation: world.nextOperation(), mode: .takeOver, moves: moves, risks: [], before: before)
        run(PlanExecution(plan: plan, options: .init(settleAfter: 1)))
    }

    private func plan(_ make: (String) throws -> Plan) {
        guard let plan = try? make(world.nextOperation()) else { return }
        let drain = world.random.below(2) == 0 ? 0.5 : nil
        run(PlanExecution(plan: plan, options: .init(drainWithin: drain, atDeadline: .reset, settleAfter: 0.5)))
    }

    private func run(_ execution: PlanExecution) {
        guard let fleet else { return }
        var execution = execution
        execution.flaw = world.flaw
        world.log("operator \(index) begins \(execution.plan.operation): \(execution.plan.title)")
        let record = ProofRecord(execution.plan) { [weak self] in self?.maybeDie() }
        records.append(record)
        let runner = PlanRunner(execution, fleet: fleet, recorder: record)
        self.runner = runner
        runner.onEnd = { [weak self] outcome in
            guard let self, self.runner === runner else { return }
            self.runner = nil
            world.ended(outcome, record)
            if !isRecovering, world.random.below(2) == 0 { follow(outcome.recovery) }
        }
        try? runner.start()
    }

    /// The process dies between two lines of its journal, or goes on.
    private func maybeDie() {
        guard world.faultsAreOn, world.random.below(40) == 0 else { return }
        world.clock.after(0) { [weak self] in self?.world.kill(self?.index ?? 0) }
    }
}
