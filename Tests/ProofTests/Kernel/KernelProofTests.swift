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
        try prove(lab, .graceful, resetting, ["guard", "release", "claim", "end of draining"])
        try prove(lab, .immediate, resetting, ["guard", "release", "drop_connections", "claim", "settling"])
        #expect(lab.witness.duplicates.isEmpty)
        #expect(lab.witness.answered > 1000)
    }

    @Test func `a take-over that is struck at any step makes no second owner, and can be finished`() throws {
        let lab = try OrdealLab(buckets: 144)
        try lab.powerOff("node3")
        try lab.wait(for: "node3 is given up") { $0.nodes.last?.state == .unreachable }
        try prove(lab, .takeOver, .init(settleAfter: 0.2), ["guard", "guard", "claim", "settling"])
        #expect(lab.witness.duplicates.isEmpty)
        #expect(lab.witness.answered > 1000)
    }

    /// One plan that nothing strikes, to name its steps, and then one for each step, moment and fault.
    private func prove(
        _ lab: OrdealLab, _ mode: MoveMode, _ options: PlanExecution.Options, _ steps: [String]
    ) throws {
        let peaceful = try lab.ordeal(wish(lab, 0, mode), options, .nothing, at: nil)
        try bear(lab, [peaceful])
        #expect(peaceful.calls.map { String($0.split(separator: " on ")[0]) }.starts(with: steps), "\(peaceful.calls)")
        var rest: [(Ordeal.Fault, Ordeal.Point)] = []
        for call in peaceful.calls.indices {
            for moment in StruckLink.Moment.allCases {
                for fault in Ordeal.Fault.allCases where fault != .nothing {
                    // When the kernel has done it, the others are as they are before the next call.
                    if moment == .applied, fault == .callIsLate || fault == .othersDie { continue }
                    rest.append((fault, .init(call: call, moment: moment)))
                }
            }
        }
        for first in stride(from: 0, to: rest.count, by: 60) {
            let wave = try rest[first..<min(first + 60, rest.count)].enumerated().map { index, strike in
                try lab.ordeal(wish(lab, index, mode), options, strike.0, at: strike.1)
            }
            try bear(lab, wave)
        }
    }

    /// The wish of the plan with that number in its wave: one bucket of one node, no two plans the same.
    private func wish(_ lab: OrdealLab, _ index: Int, _ mode: MoveMode) throws -> Wish {
        let nodes = try #require(lab.fleet.snapshot).nodes
        let source = mode == .takeOver ? 2 : index % 3
        let target = mode == .takeOver ? index % 2 : (source + 1) % 3
        let answered = Array(nodes[source].ownership.answering)
        let unserved = answered.filter { bucket in !nodes[..<2].contains { $0.ownership.answering.contains(bucket) } }
        let buckets = mode == .takeOver ? unserved : answered
        return .move([buckets[mode == .takeOver ? index : index / 3]], to: nodes[target].name, mode: mode)
    }

    /// Runs plans at the same time, looks after what is left of them, and asks who answers.
    private func bear(_ lab: OrdealLab, _ wave: [Ordeal]) throws {
        let buckets = wave.flatMap { Array($0.plan.buckets) }
        try #require(Set(buckets).count == buckets.count)
        lab.witness.ask(buckets)
        for ordeal in wave { ordeal.start() }
        lab.turn { wave.allSatisfy(\.isOver) }
        for ordeal in wave {
            #expect(ordeal.isOver && (ordeal.hasStruck || ordeal.point == nil), "\(ordeal.name)")
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
        try lab.repair()
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
