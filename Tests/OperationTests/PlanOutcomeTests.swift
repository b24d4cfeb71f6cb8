import ClusterModel
import Planning
import Responsibility
import Testing

/// What a plan came to, when somebody else was at work meanwhile.
@Suite struct PlanOutcomeTests {
    private static let plan = Plan(
        .requested(.move([1], to: "node2", mode: .graceful)),
        .moves([Move(bucket: 1, from: "node1", to: "node2")], .graceful), address: IPAddress(10, 8, 0, 1),
        operation: "op-1",
        before: [
            "node1": Ownership(owned: [1, 2]), "node2": Ownership(owned: [3]), "node3": Ownership(owned: [4, 5]),
            "node4": Ownership(owned: [6]),
        ])

    private static func outcome(_ after: [String: Ownership], bare: Set<String> = []) -> PlanOutcome {
        PlanOutcome(steps: [], recovery: Recovery(plan: plan, kernels: [:]), after: after, bare: bare)
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

    private static let failure = StepFailure.agent("no answer")
    private static let cases: [([(StepID, StepProgress)], PlanResult)] = [
        ([(.guard("node2"), .done), (.release("node1"), .done), (.claim("node2", from: "node1"), .done)], .done),
        ([(.guard("node2"), .done), (.release("node1"), .refused(failure))], .nothingChanged),
        ([(.guard("node2"), .unknown(failure)), (.release("node1"), .skipped(failure))], .nothingChanged),
        ([(.guard("node2"), .done), (.release("node1"), .unknown(failure))], .partly),
        ([(.release("node1"), .done), (.claim("node2", from: "node1"), .refused(failure))], .partly),
        ([(.release("node1"), .done), (.endDrain("node1"), .skipped(.connectionsLeft(2)))], .unclosed),
        ([(.release("node1"), .done), (.giveBack("node1", from: "node2"), .done)], .partly),
    ]

    @Test(arguments: cases)
    func `what a plan came to is decided by its steps`(steps: [(StepID, StepProgress)], result: PlanResult) {
        let statuses = steps.map { StepStatus(PlanStep($0, .dropConnections(Self.plan.address, [1])), $1) }
        #expect(PlanResult(statuses, of: Self.plan) == result)
    }

    @Test
    func `a plan that only closes and runs out of time leaves something unclosed, and changed nothing when stopped`() {
        var plan = Self.plan
        plan.work = .finalization(["node1": Ownership(draining: [1])])
        for (failure, result): (StepFailure, PlanResult) in [
            (.connectionsLeft(3), .unclosed), (.waitEnded, .unclosed), (.stopped, .nothingChanged),
        ] {
            let statuses = plan.steps.map { StepStatus($0, .skipped(failure)) }
            #expect(PlanResult(statuses, of: plan) == result)
        }
    }
}
