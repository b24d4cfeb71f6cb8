import AgentProtocol
import ClusterModel
import Execution
import NodeLinks
import Planning
import Reactor
import Responsibility
import Testing

/// What a runner does while nobody answers a bucket: nothing but sending claims.
@Suite struct PlanRunnerTests {
    private final class Diary {
        var lines: [String] = []
    }

    /// A link to an agent that carries out everything, and writes steps into the diary.
    private final class WillingLink: AgentLink {
        private let diary: Diary
        private let reactor: Reactor
        private let sample: WireSample
        private var handler: ((LinkEvent) -> Void)?

        /// A link whose agent sends one sample, without which no step may be sent to it.
        init(_ diary: Diary, _ reactor: Reactor) {
            self.diary = diary
            self.reactor = reactor
            sample = WireSample(time: 1, generation: 1, isWhole: true, clusters: [])
        }

        func open(_ handler: @escaping (LinkEvent) -> Void) { self.handler = handler }

        func close() { handler = nil }

        func send(_ frame: AgentFrame) {
            guard case .call(let number, let call) = frame else { return }
            var result = AgentResult.done
            if case .operations = call { result = .operations([:]) }
            if case .apply(let step) = call {
                result = .step(.applied)
                diary.lines.append("\(step.changes[0].to.map(\.rawValue) ?? "guard")")
            }
            reactor.after(0.001) { [self] in
                if case .apply = call { diary.lines.append("answer") }
                handler?(.frame(.answer(number, .success(result))))
                if case .watch = call { handler?(.frame(.sample(sample))) }
            }
        }
    }

    private final class DiaryRecorder: PlanRecorder {
        let problem: String? = nil
        private let diary: Diary

        init(_ diary: Diary) { self.diary = diary }

        func begin(_ plan: Plan) { diary.lines.append("begin") }
        func intend(_ steps: [StepStatus]) { diary.lines += steps.map { _ in "intend" } }
        func conclude(_ steps: [StepStatus]) { diary.lines += steps.map { _ in "conclude" } }
        func end(_ steps: [StepStatus], _ result: PlanResult) { diary.lines.append("end") }
    }

    @Test func `a runner whose handlers hold it is let go at its end, and so is a fleet that nobody stopped`() throws {
        let reactor = try Reactor()
        weak var held: PlanRunner?
        weak var fleet: Fleet?
        do {
            let plan = Plan(
                .requested(.move([1], to: "node2", mode: .graceful)),
                .moves([Move(bucket: 1, from: "node1", to: "node2")], .graceful), address: IPAddress(10, 8, 0, 1),
                operation: "op-1", before: ["node1": Ownership(owned: [1]), "node2": Ownership()])
            let names = ["node1", "node2"]
            let links = Fleet(
                name: "web", observation: ClusterObservation(name: "web", address: plan.address, nodes: names),
                nodes: names.map { ($0, WillingLink(Diary(), reactor)) }, reactor: reactor)
            links.start()
            let runner = PlanRunner(plan: plan, calls: links)
            runner.onProgress = { _ in _ = runner }
            runner.onEnd = { _ in
                _ = runner
                reactor.stop()
            }
            (held, fleet) = (runner, links)
            try runner.start()
            reactor.run()
        }
        // What was still to be told later comes first.
        reactor.after(0.05, repeating: true) { if held == nil, fleet == nil { reactor.stop() } }
        reactor.after(20) { reactor.stop() }
        reactor.run()
        #expect(held == nil && fleet == nil)
    }

    @Test func `from the first release to the end of the last claim nothing is written or shown`() throws {
        let plan = Plan(
            .requested(.move([1, 2], to: "node3", mode: .graceful)),
            .moves(
                [Move(bucket: 1, from: "node1", to: "node3"), Move(bucket: 2, from: "node2", to: "node3")], .graceful),
            address: IPAddress(10, 8, 0, 1), operation: "op-1",
            before: ["node1": Ownership(owned: [1]), "node2": Ownership(owned: [2]), "node3": Ownership()])
        let diary = Diary()
        let reactor = try Reactor()
        let names = ["node1", "node2", "node3"]
        let fleet = Fleet(
            name: "web", observation: ClusterObservation(name: "web", address: plan.address, nodes: names),
            nodes: names.map { ($0, WillingLink(diary, reactor)) }, reactor: reactor)
        fleet.start()
        let runner = PlanRunner(plan: plan, calls: fleet, recorder: DiaryRecorder(diary))
        runner.onProgress = { _ in diary.lines.append("show") }
        runner.onEnd = { _ in reactor.stop() }
        try runner.start()
        reactor.run()
        let first = try #require(diary.lines.firstIndex(of: "draining"))
        let last = try #require(diary.lines.lastIndex(of: "answer"))
        #expect(Set(diary.lines[first...last]) == ["draining", "owned", "answer"])
        #expect(diary.lines[..<first].count { $0 == "intend" } == 5)
        #expect(diary.lines[last...].count { $0 == "conclude" } == 5)
    }

    @Test func `a take-over stops before its claim when the dead node sends a sample`() throws {
        let plan = Plan(
            .requested(.takeOver("node3", to: nil)), .moves([Move(bucket: 1, from: nil, to: "node2")], .takeOver),
            address: IPAddress(10, 8, 0, 1), operation: "op-1", risks: [.notFenced(node: "node3", .unreachable)],
            before: ["node2": Ownership(), "node3": Ownership(owned: [1])])
        let (diary, reactor) = (Diary(), try Reactor())
        let fleet = Fleet(
            name: "web",
            observation: ClusterObservation(name: "web", address: plan.address, nodes: ["node2", "node3"]),
            nodes: [
                ("node2", WillingLink(diary, reactor)), ("node3", WillingLink(Diary(), reactor)),
            ], reactor: reactor)
        let runner = PlanRunner(plan: plan, calls: fleet)
        var outcome: PlanOutcome?
        runner.onEnd = {
            outcome = $0
            reactor.stop()
        }
        fleet.start()
        try runner.start()
        reactor.run()
        #expect(!diary.lines.contains("adopted"))
        let claim = try #require(outcome?.steps.first { $0.id == .claim("node2", from: nil) })
        #expect(claim.progress == .skipped(.returned(node: "node3")))
        #expect(outcome?.isConfirmed == false)
    }
}
