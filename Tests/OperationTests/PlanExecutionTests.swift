import AgentProtocol
import ClusterModel
import Execution
import Planning
import Responsibility
import Testing

@Suite struct PlanExecutionTests {
    /// Buckets 1 of node1 and 2 of node2 move to node3: releases are entries 0 and 1, claims 2 and 3.
    private static let plan = Plan(
        title: "move 1-2 to node3", address: IPv4Address(10, 8, 0, 1), operation: "op-1", mode: .graceful,
        moves: [Move(bucket: 1, from: "node1", to: "node3"), Move(bucket: 2, from: "node2", to: "node3")], risks: [],
        before: ["node1": Ownership(owned: [1]), "node2": Ownership(owned: [2]), "node3": Ownership()])

    private static let applied = Result<AgentResult, AgentFailure>.success(.step(.applied))
    private static let lost = Result<AgentResult, AgentFailure>.failure(
        AgentFailure(code: AgentFailure.lostCode, message: "the agent did not answer in time"))
    private static let refused = Result<AgentResult, AgentFailure>.success(
        .step(.refused([.init(bucket: 1, expected: .owned, found: .draining, writtenBy: "op-9")])))

    private static func begun() -> PlanExecution {
        var execution = PlanExecution(plan: plan)
        _ = execution.begin()
        return execution
    }

    @Test func `releases are sent at once, and each claim only after its release was confirmed`() {
        var execution = PlanExecution(plan: Self.plan)
        #expect(execution.begin() == [.send(0), .send(1)])
        #expect(execution.answered(1, Self.applied) == [.send(3)])
        #expect(execution.answered(0, Self.applied) == [.send(2)])
        #expect(execution.answered(3, Self.applied) == [])
        #expect(execution.answered(2, Self.applied) == [.finished])
        #expect(execution.succeeded)
    }

    @Test func `a release that was refused leaves its claim unsent, and the others go on`() {
        var execution = Self.begun()
        #expect(execution.answered(0, Self.refused) == [])
        #expect(execution.entries[0].state == .refused("bucket 1 was expected owned and is draining, written by op-9"))
        #expect(execution.entries[2].state == .skipped("node1 did not release"))
        #expect(execution.answered(1, Self.applied) == [.send(3)])
        #expect(execution.answered(3, Self.applied) == [.finished])
        #expect(!execution.succeeded)
    }

    @Test func `a lost answer is asked for again, and a release that stays unknown is never claimed`() {
        var execution = Self.begun()
        #expect(execution.answered(0, Self.lost) == [.send(0)])
        #expect(execution.answered(0, Self.lost) == [.send(0)])
        #expect(execution.answered(0, Self.lost) == [])
        #expect(execution.entries[0].state == .unknown("the agent did not answer in time"))
        #expect(execution.entries[2].state == .skipped("it is not known whether node1 released"))
    }

    @Test func `a claim that is refused gives its bucket back to who released it`() {
        var execution = Self.begun()
        _ = execution.answered(0, Self.applied)
        #expect(execution.answered(2, Self.refused) == [.send(4)])
        #expect(execution.entries[4].step.node == "node1" && execution.entries[4].isGivingBack)
        #expect(execution.entries[4].step.request.changes == [.init(bucket: 1, from: .draining, to: .owned)])
        _ = execution.answered(1, Self.applied)
        _ = execution.answered(3, Self.applied)
        #expect(execution.answered(4, Self.applied) == [.finished])
        #expect(!execution.succeeded)
    }

    @Test func `a claim that may have been carried out is not given back`() {
        var execution = Self.begun()
        _ = execution.answered(0, Self.applied)
        for _ in 1...PlanExecution.attempts { _ = execution.answered(2, Self.lost) }
        #expect(execution.entries.count == 4)
        #expect(execution.entries[2].state == .unknown("the agent did not answer in time"))
    }

    @Test func `stopping still claims what was released`() {
        var execution = Self.begun()
        #expect(execution.abort() == [])
        #expect(execution.answered(0, Self.applied) == [.send(2)])
    }

    @Test func `a late answer to a step that is over changes nothing`() {
        var execution = Self.begun()
        _ = execution.answered(0, Self.refused)
        #expect(execution.answered(0, Self.applied) == [])
        #expect(execution.answered(2, Self.applied) == [])
    }
}
