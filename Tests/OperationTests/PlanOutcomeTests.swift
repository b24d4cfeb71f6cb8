import ClusterModel
import Planning
import Responsibility
import Testing

@testable import Execution

/// What a plan came to, when somebody else was at work meanwhile.
@Suite struct PlanOutcomeTests {
    private static let plan = Plan(
        title: "move 1 to node2", address: IPAddress(10, 8, 0, 1), operation: "op-1", mode: .graceful,
        moves: [Move(bucket: 1, from: "node1", to: "node2")], risks: [],
        before: [
            "node1": Ownership(owned: [1, 2]), "node2": Ownership(owned: [3]), "node3": Ownership(owned: [4, 5]),
            "node4": Ownership(owned: [6]),
        ])

    private static func outcome(_ after: [String: Ownership], bare: Set<String> = []) -> PlanRunner.Outcome {
        PlanRunner.Outcome(
            execution: PlanExecution(plan: plan), recovery: Recovery(plan: plan, kernels: [:]), after: after, bare: bare
        )
    }

    @Test func `buckets of a node that lost its table are abandoned, also when it took no part`() {
        let after = ["node1": Ownership(owned: [2], draining: [1]), "node2": Ownership(owned: [1, 3])]
        #expect(Self.outcome(after, bare: ["node3"]).abandoned == ["node3": [4, 5]])
    }

    @Test func `a node that could not be read is not known to have abandoned anything`() {
        #expect(Self.outcome(["node1": Ownership(owned: [1, 2])]).abandoned.isEmpty)
    }

    @Test func `what others answer or drain meanwhile is not abandoned`() {
        let after = [
            "node1": Ownership(draining: [1, 2]), "node2": Ownership(owned: [1, 3, 4]), "node3": Ownership(owned: []),
        ]
        #expect(Self.outcome(after).abandoned == ["node3": [5]])
    }
}
