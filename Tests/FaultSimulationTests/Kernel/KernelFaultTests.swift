import ClusterModel
import Execution
import Glibc
import Lab
import NodeLinks
import Planning
import Reactor
import Testing

/// Plans on real kernels, with a fault at every call that changes a node, before it is sent and when the kernel has done it and
/// the console does not know it yet, of every kind; judged by an independent client's own count of answers.
@Suite(.serialized) struct KernelFaultTests {
    @Test func `a move with a fault at any step makes no second owner, and can be finished or taken back`() throws {
        let lab = try KernelFaultLab(buckets: 144)
        let resetting = PlanExecution.Options(drainWithin: 0.3, atDeadline: .reset, finalizeAfter: 0.2)
        try injectEverywhere(
            lab,
            [
                Kind(mode: .graceful, options: resetting, steps: ["guard", "release", "claim", "end of draining"]),
                Kind(
                    mode: .immediate, options: resetting,
                    steps: ["guard", "release", "drop_connections", "claim", "settling"]),
            ])
    }

    @Test func `a take-over with a fault at any step makes no second owner, and can be finished`() throws {
        let lab = try KernelFaultLab(buckets: 144)
        try lab.powerOff("node3")
        try lab.wait(for: "node3 is given up") { $0.nodes.last?.state == .unreachable }
        try injectEverywhere(
            lab,
            [Kind(mode: .takeOver, options: .init(finalizeAfter: 0.2), steps: ["guard", "guard", "claim", "settling"])])
    }

    /// A kind of plan and the calls that it begins with.
    private struct Kind {
        var mode: MoveMode
        var options: PlanExecution.Options
        var steps: [String]
    }

    /// A fault at a moment of a plan.
    private struct Injection {
        var kind: Kind
        var fault = FaultedPlan.Fault.nothing
        var point: FaultedPlan.Point?
    }

    /// One plan of each kind that nothing disturbs, to name its calls, and then one for each call, moment and fault.
    private func injectEverywhere(_ lab: KernelFaultLab, _ kinds: [Kind]) throws {
        let undisturbed = try faulted(lab, kinds.map { Injection(kind: $0) })
        try check(lab, undisturbed)
        for (kind, faulted) in zip(kinds, undisturbed) {
            let words = faulted.calls.map { String($0.split(separator: " on ")[0]) }
            #expect(words.starts(with: kind.steps), "\(faulted.calls)")
        }
        var rest = zip(kinds, undisturbed).flatMap { Self.injections($0, calls: $1.calls.indices) }
        // A slow machine ends a plan for its own slowness before the moment is reached: such a injection is tried again.
        for _ in 0..<4 where !rest.isEmpty {
            let wave = try faulted(lab, rest)
            try check(lab, wave)
            rest = zip(rest, wave).filter { !$1.hasHappened }.map(\.0)
        }
        #expect(rest.isEmpty, "\(rest.map { "\($0.kind.mode) \($0.fault) \($0.point as Any)" })")
        #expect(lab.client.duplicates.isEmpty)
        #expect(lab.client.answered > 1000)
    }

    private static func injections(_ kind: Kind, calls: Range<Int>) -> [Injection] {
        calls.flatMap { call in
            FaultInjectingLink.Moment.allCases.flatMap { moment in
                // When the kernel has done it, the others are as they are before the next call.
                FaultedPlan.Fault.allCases.filter {
                    $0 != .nothing && !(moment == .applied && ($0 == .callIsLate || $0 == .othersDie))
                }
                .map { Injection(kind: kind, fault: $0, point: .init(call: call, moment: moment)) }
            }
        }
    }

    private func faulted(_ lab: KernelFaultLab, _ injections: [Injection]) throws -> [FaultedPlan] {
        try injections.enumerated().map { index, injection in
            try lab.faulted(
                request(lab, index, injection.kind.mode), injection.kind.options, injection.fault, at: injection.point)
        }
    }

    /// The request of the plan with that number in its wave: one bucket of one node, no two plans the same.
    private func request(_ lab: KernelFaultLab, _ index: Int, _ mode: MoveMode) throws -> PlanRequest {
        let nodes = try #require(lab.fleet.snapshot).nodes
        let source = mode == .takeOver ? 2 : index % 3
        let target = mode == .takeOver ? index % 2 : (source + 1) % 3
        let answered = Array(nodes[source].ownership.accepting)
        let unserved = answered.filter { bucket in !nodes[..<2].contains { $0.ownership.accepting.contains(bucket) } }
        let buckets = mode == .takeOver ? unserved : answered
        let place = mode == .takeOver ? index : index / 3
        try #require(place < buckets.count, "\(buckets.count) buckets of \(nodes[source].name) are too few")
        return .move([buckets[place]], to: nodes[target].name, mode: mode)
    }

    /// Runs plans, a few at the same time: each has agents of its own, and a commit wakes all of a node's agents.
    private func run(_ wave: [FaultedPlan], _ lab: KernelFaultLab) {
        var waiting = wave[...]
        var running: [FaultedPlan] = []
        lab.turn(atMost: 90) {
            // An agent that was stopped goes on by itself, with what is in its pipe.
            for faulted in running where faulted.isOver && faulted.fault != .agentStops { faulted.end() }
            running.removeAll { $0.isOver }
            while running.count < 12, let next = waiting.popFirst() {
                next.start()
                running.append(next)
            }
            return running.isEmpty
        }
    }

    /// Runs plans, looks after what is left of them, and asks who answers.
    private func check(_ lab: KernelFaultLab, _ wave: [FaultedPlan]) throws {
        let buckets = wave.flatMap { Array($0.plan.buckets) }
        try #require(Set(buckets).count == buckets.count)
        lab.client.ask(buckets)
        run(wave, lab)
        for faulted in wave {
            #expect(faulted.isOver, "\(faulted.name)")
            faulted.end()
        }
        // What hung carries out its late call now, or after everything was looked after.
        for faulted in wave where (faulted.point?.call ?? 0) % 2 == 0 { faulted.resume() }
        var unfinished = wave.count
        for (index, faulted) in wave.enumerated() {
            lab.recover(faulted.plan, finishing: faulted.plan.mode == .takeOver || index % 2 == 0) { unfinished -= 1 }
        }
        lab.turn { unfinished == 0 }
        for faulted in wave { faulted.resume() }
        try lab.repair(BucketSet(buckets))
        let owners = lab.client.owners(of: buckets)
        for faulted in wave {
            for bucket in faulted.plan.buckets {
                #expect(owners[bucket] ?? nil != nil, "bucket \(bucket) has no owner: \(faulted.name)")
            }
        }
        let coverage = try #require(lab.fleet.snapshot).coverage
        #expect(coverage.conflicts.isEmpty && coverage.orphans.intersection(BucketSet(buckets)).isEmpty)
        #expect(lab.client.duplicates.isEmpty, "\(wave.map(\.name))")
    }
}
