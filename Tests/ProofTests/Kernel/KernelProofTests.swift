import ClusterModel
import Execution
import Glibc
import Lab
import Observation
import Planning
import Reactor
import Testing

/// Plans on real kernels, struck at every call that changes a node, before it is sent and when the kernel has done it and
/// the console does not know it yet, by every fault; judged by an independent client's own count of answers.
@Suite(.serialized) struct KernelProofTests {
    @Test func `a move that is struck at any step makes no second owner, and can be finished or taken back`() throws {
        let lab = try OrdealLab(buckets: 144)
        let resetting = PlanExecution.Options(drainWithin: 0.3, atDeadline: .reset, settleAfter: 0.2)
        try prove(
            lab,
            [
                Kind(mode: .graceful, options: resetting, steps: ["guard", "release", "claim", "end of draining"]),
                Kind(
                    mode: .immediate, options: resetting,
                    steps: ["guard", "release", "drop_connections", "claim", "settling"]),
            ])
    }

    @Test func `a take-over that is struck at any step makes no second owner, and can be finished`() throws {
        let lab = try OrdealLab(buckets: 144)
        try lab.powerOff("node3")
        try lab.wait(for: "node3 is given up") { $0.nodes.last?.state == .unreachable }
        try prove(
            lab,
            [Kind(mode: .takeOver, options: .init(settleAfter: 0.2), steps: ["guard", "guard", "claim", "settling"])])
    }

    /// A kind of plan and the calls that it begins with.
    private struct Kind {
        var mode: MoveMode
        var options: PlanExecution.Options
        var steps: [String]
    }

    /// A fault at a moment of a plan.
    private struct Strike {
        var kind: Kind
        var fault = Ordeal.Fault.nothing
        var point: Ordeal.Point?
    }

    /// One plan of each kind that nothing strikes, to name its calls, and then one for each call, moment and fault.
    private func prove(_ lab: OrdealLab, _ kinds: [Kind]) throws {
        let peaceful = try ordeals(lab, kinds.map { Strike(kind: $0) })
        try bear(lab, peaceful)
        for (kind, ordeal) in zip(kinds, peaceful) {
            let words = ordeal.calls.map { String($0.split(separator: " on ")[0]) }
            #expect(words.starts(with: kind.steps), "\(ordeal.calls)")
        }
        var rest = zip(kinds, peaceful).flatMap { Self.strikes($0, calls: $1.calls.indices) }
        // A slow machine ends a plan for its own slowness before the moment is reached: such a strike is tried again.
        for _ in 0..<4 where !rest.isEmpty {
            let wave = try ordeals(lab, rest)
            try bear(lab, wave)
            rest = zip(rest, wave).filter { !$1.hasStruck }.map(\.0)
        }
        #expect(rest.isEmpty, "\(rest.map { "\($0.kind.mode) \($0.fault) \($0.point as Any)" })")
        #expect(lab.witness.duplicates.isEmpty)
        #expect(lab.witness.answered > 1000)
    }

    private static func strikes(_ kind: Kind, calls: Range<Int>) -> [Strike] {
        calls.flatMap { call in
            StruckLink.Moment.allCases.flatMap { moment in
                // When the kernel has done it, the others are as they are before the next call.
                Ordeal.Fault.allCases.filter {
                    $0 != .nothing && !(moment == .applied && ($0 == .callIsLate || $0 == .othersDie))
                }
                .map { Strike(kind: kind, fault: $0, point: .init(call: call, moment: moment)) }
            }
        }
    }

    private func ordeals(_ lab: OrdealLab, _ strikes: [Strike]) throws -> [Ordeal] {
        try strikes.enumerated().map { index, strike in
            try lab.ordeal(wish(lab, index, strike.kind.mode), strike.kind.options, strike.fault, at: strike.point)
        }
    }

    /// The wish of the plan with that number in its wave: one bucket of one node, no two plans the same.
    private func wish(_ lab: OrdealLab, _ index: Int, _ mode: MoveMode) throws -> Wish {
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
    private func run(_ wave: [Ordeal], _ lab: OrdealLab) {
        var waiting = wave[...]
        var running: [Ordeal] = []
        lab.turn(atMost: 90) {
            // An agent that was stopped goes on by itself, with what is in its pipe.
            for ordeal in running where ordeal.isOver && ordeal.fault != .agentStops { ordeal.end() }
            running.removeAll { $0.isOver }
            while running.count < 12, let next = waiting.popFirst() {
                next.start()
                running.append(next)
            }
            return running.isEmpty
        }
    }

    /// Runs plans, looks after what is left of them, and asks who answers.
    private func bear(_ lab: OrdealLab, _ wave: [Ordeal]) throws {
        let buckets = wave.flatMap { Array($0.plan.buckets) }
        try #require(Set(buckets).count == buckets.count)
        lab.witness.ask(buckets)
        run(wave, lab)
        for ordeal in wave {
            #expect(ordeal.isOver, "\(ordeal.name)")
            ordeal.end()
        }
        // What hung carries out its late call now, or after everything was looked after.
        for ordeal in wave where (ordeal.point?.call ?? 0) % 2 == 0 { ordeal.resume() }
        var unsettled = wave.count
        for (index, ordeal) in wave.enumerated() {
            lab.settle(ordeal.plan, finishing: ordeal.plan.mode == .takeOver || index % 2 == 0) { unsettled -= 1 }
        }
        lab.turn { unsettled == 0 }
        for ordeal in wave { ordeal.resume() }
        try lab.repair(BucketSet(buckets))
        let owners = lab.witness.owners(of: buckets)
        for ordeal in wave {
            for bucket in ordeal.plan.buckets {
                #expect(owners[bucket] ?? nil != nil, "bucket \(bucket) has no owner: \(ordeal.name)")
            }
        }
        let coverage = try #require(lab.fleet.snapshot).coverage
        #expect(coverage.conflicts.isEmpty && coverage.orphans.intersection(BucketSet(buckets)).isEmpty)
        #expect(lab.witness.duplicates.isEmpty, "\(wave.map(\.name))")
    }
}
