import ClusterModel
import Execution
import Planning
import SimulatedNodes

/// What an operator wants next, drawn at random from all that can be requested, and how it is to be carried out.
struct Workload {
    let console: SimulatedOperator
    let snapshot: ClusterSnapshot
    private var world: SimulatedWorld { console.world }

    init(console: SimulatedOperator, snapshot: ClusterSnapshot) {
        self.console = console
        self.snapshot = snapshot
    }

    /// Draws a request, plans it and begins; nothing happens when it cannot be planned.
    func requestPlan() {
        guard !console.isRecovering else { return recover() }
        switch world.random.below(16) {
        case 0...4: begin(.move(buckets(), to: anyNode(), mode: mode()), "move")
        case 5: begin(.drain(anyNode(), mode: mode()), "drain")
        case 6: begin(.restore(anyNode(), mode: mode()), "restore")
        case 7: begin(.rebalance(.count, mode: mode()), "rebalance")
        case 8: if let last = console.records.last { undo(last.plan) }
        case 9: begin(.finalize(world.random.below(2) == 0 ? nil : anyNode()), "settle")
        case 10, 11: takeOver()
        case 12: begin(.join(anyNode(), interface: nil), "join")
        case 13: begin(.leave(anyNode()), "leave")
        case 14: begin(.reinstall(anyNode(), interface: nil), "reinstall")
        default: begin(snapshot.coverage.isWhole ? .repair : claimOrphans(), "repair")
        }
    }

    /// Every node is to be a member, and every bucket to have an owner.
    private func recover() {
        let outside = snapshot.nodes.first { $0.state == .live && $0.sample == nil }
        guard let outside else { return begin(.repair, "repair") }
        guard snapshot.nodes.contains(where: { $0.state == .live && $0.sample != nil }) else {
            return begin(.install(world.configuration, own: [:]), "install")
        }
        begin(.join(outside.name, interface: nil), "join")
    }

    /// How a plan is to be carried out.
    static func options(_ random: inout SplitMix) -> PlanExecution.Options {
        PlanExecution.Options(
            drainWithin: [nil, 0.5, 3][Int(random.below(3))], atDeadline: random.below(2) == 0 ? .keep : .reset,
            finalizeAfter: [nil, 0.5, 3][Int(random.below(3))])
    }

    private func mode() -> MoveMode { world.random.below(3) == 0 ? .immediate : .graceful }
    private func anyNode() -> String { world.nodes[Int(world.random.below(UInt64(world.nodes.count)))].name }

    private func buckets() -> BucketSet {
        BucketSet((0...world.random.below(3)).map { _ in Int(world.random.below(world.profile.buckets)) + 1 })
    }

    private func claimOrphans() -> PlanRequest {
        world.random.below(2) == 0
            ? .repair : .move(BucketSet(snapshot.coverage.orphans), to: anyNode(), mode: .graceful)
    }

    /// From a node that is truly off, all or some buckets.
    private func takeOver() {
        guard let dead = world.nodes.first(where: { !$0.isUp }) else { return }
        let status = snapshot.nodes.first { $0.name == dead.name }
        guard world.random.below(2) == 0, let bucket = status?.ownership.accepting.first(where: { _ in true }) else {
            return begin(.takeOver(dead.name, to: world.random.below(2) == 0 ? anyNode() : nil), "take-over")
        }
        begin(.move([bucket], to: anyNode(), mode: .takeOver), "take-over")
    }

    private func begin(_ request: PlanRequest, _ name: String) {
        begin(name) { (planner) throws(PlanError) in try planner.plan(request) }
    }

    private func undo(_ plan: Plan) {
        begin("undo") { (planner) throws(PlanError) in
            try plan.kind.isAboutMembers == true ? planner.inverseMembership(of: plan) : planner.inverse(of: plan)
        }
    }

    private func begin(_ name: String, _ plan: (Planner) throws(PlanError) -> Plan) {
        let planner = Planner(snapshot: snapshot, operation: world.nextOperation())
        guard let plan = try? plan(planner), world.isTrue(plan) else { return }
        console.run(MarkedPlan(plan: plan), Self.options(&world.random), name)
    }
}
