import AgentProtocol
import ClusterModel
import Execution
import FoundationEssentials
import Glibc
import NodeLinks
import Planning
import Reactor
import Responsibility
import Testing

@testable import Lab

/// A lab in which plans meet faults, with the operator who looks after them and a client.
final class KernelFaultLab {
    let lab: TestLab
    let state: LabState
    let reactor: Reactor
    let client: IndependentClient
    /// The operator who looks after what is left.
    let fleet: Fleet
    private let agent: String
    private let links: [FaultInjectingLink]
    private var operations = 0

    init(buckets: Int) throws {
        signal(SIGPIPE, SIG_IGN)
        lab = try TestLab(options: ["--nodes", "3", "--buckets", "\(buckets)", "--no-traffic"])
        state = try #require(lab.state)
        let reactor = try Reactor()
        self.reactor = reactor
        agent = lab.executable + "-agent"
        let configuration = LabNetwork.configuration(state.options)
        client = try IndependentClient(client: state.client.pid, scheme: configuration.scheme, reactor: reactor)
        let links = Self.links(state, agent, state.nodes.map(\.name), reactor)
        self.links = links
        fleet = Fleet(
            name: "lab",
            observation: ClusterObservation(
                name: "lab", address: configuration.address, nodes: state.nodes.map(\.name)),
            nodes: links.map { ($0.node, $0) }, reactor: reactor, interval: 0.4)
        fleet.start()
        try wait(for: "all nodes are live") { $0.nodes.allSatisfy { $0.state == .live } }
    }

    deinit { fleet.stop() }

    /// Kills a node's process and the agent on it; with them its namespace ends.
    func powerOff(_ name: String) throws {
        let node = try #require(state.member(named: name))
        kill(node.pid, SIGKILL)
        for pid in links.filter({ $0.node == name }).flatMap(\.pids) { kill(pid, SIGKILL) }
    }

    /// Runs a command in a node's namespace to its end; returns its process.
    func shell(_ name: String, _ command: String) throws -> pid_t {
        let node = try #require(state.member(named: name))
        let process = try ChildProcess(
            arguments: ["nsenter", "--net=/proc/\(node.pid)/ns/net", "--", "sh", "-c", "exec \(command)"])
        process.closeInput()
        let status = process.reap(waiting: true)
        #expect(status == 0, "\(command)")
        return process.pid
    }

    /// Makes a node a member again as an operator does.
    func reinstall(_ name: String) throws {
        let outcome = try lab.run("reinstall", name, "--yes")
        #expect(outcome.status == 0, "\(outcome.output)")
        try wait(for: "\(name) is a member") { $0.nodes.first { $0.name == name }?.sample?.alterations == [] }
    }

    /// New links to these nodes.
    private func links(_ nodes: [String]) -> [FaultInjectingLink] { Self.links(state, agent, nodes, reactor) }

    private static func links(_ state: LabState, _ agent: String, _ nodes: [String], _ reactor: Reactor)
        -> [FaultInjectingLink]
    {
        state.nodes.filter { nodes.contains($0.name) }.map { node in
            let target = LinkTarget.namespace(
                path: LinkTarget.namespaces(of: node.pid), user: state.hasUserNamespace)
            return FaultInjectingLink(node: node.name, arguments: target.arguments(agent: agent), reactor: reactor)
        }
    }

    /// A plan on what the operator sees now.
    func plan(_ request: PlanRequest) throws -> Plan {
        operations += 1
        return try Planner(snapshot: try #require(fleet.snapshot), operation: "faulted-\(operations)").plan(request)
    }

    /// An faulted over the nodes of its plan that live.
    func faulted(
        _ request: PlanRequest, _ options: PlanExecution.Options, _ fault: FaultedPlan.Fault,
        at point: FaultedPlan.Point?
    ) throws -> FaultedPlan {
        let plan = try plan(request)
        let asked = Set(plan.steps.map(\.node))
        return FaultedPlan(plan, options, fault, at: point, links: links(asked.sorted()), reactor: reactor)
    }

    /// Turns until something is so, or the time is over.
    func turn(atMost seconds: UInt64 = 20, until condition: () -> Bool) {
        let end = Reactor.now + seconds * 1_000_000_000
        while Reactor.now < end, !condition() { reactor.turn(limit: 0.02) }
    }

    /// Waits for what the operator sees.
    func wait(for what: String, _ condition: (ClusterSnapshot) -> Bool) throws {
        turn { fleet.snapshot.map(condition) == true }
        try #require(fleet.snapshot.map(condition) == true, "not so after 20 s: \(what)")
    }

    /// Finishes or takes back what is unfinished of a plan, by what the kernels hold.
    func recover(_ plan: Plan, finishing: Bool, then: @escaping () -> Void) {
        KernelReader(fleet).read(plan.address, nodes: Recovery.nodes(of: plan)) { [self] in
            operations += 1
            let recovery = Recovery(plan: plan, kernels: $0.kernels)
            let id = "after-\(operations)"
            guard recovery.isUnfinished,
                let marked = finishing ? recovery.finishing(operation: id) : recovery.undoing(operation: id)
            else { return then() }
            run(PlanExecution(marked), then: then)
        }
    }

    private func run(_ execution: PlanExecution, then: @escaping () -> Void) {
        let runner = PlanRunner(execution, calls: fleet)
        runner.onEnd = { _ in
            runner.onEnd = nil
            then()
        }
        try? runner.start()
    }

    /// Repairs as an operator does, until each of these buckets has one owner; what else a dead node answered stays.
    func repair(_ buckets: BucketSet) throws {
        for _ in 0..<5 {
            let seen = Reactor.now
            turn { Reactor.now > seen + 900_000_000 }
            let snapshot = try #require(fleet.snapshot)
            let orphans = snapshot.coverage.orphans.intersection(buckets)
            guard !orphans.isEmpty || !snapshot.coverage.conflicts.isEmpty else { return }
            let hasDead = snapshot.nodes.contains { $0.state == .unreachable }
            let request = hasDead ? PlanRequest.move(orphans, to: "node1", mode: .takeOver) : .repair
            guard let plan = try? plan(request) else { continue }
            var isOver = false
            run(PlanExecution(plan: plan)) { isOver = true }
            turn { isOver }
        }
    }
}
