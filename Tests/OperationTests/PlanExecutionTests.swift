import AgentProtocol
import ClusterModel
import Execution
import Planning
import Responsibility
import Testing

@Suite struct PlanExecutionTests {
    /// Buckets 1 of node1 and 2 of node2 move to node3: releases are entries 0 and 1, claims 2 and 3, the guard 4.
    private static let plan = Plan(
        title: "move 1-2 to node3", address: IPAddress(10, 8, 0, 1), operation: "op-1", mode: .graceful,
        moves: [Move(bucket: 1, from: "node1", to: "node3"), Move(bucket: 2, from: "node2", to: "node3")], risks: [],
        before: ["node1": Ownership(owned: [1]), "node2": Ownership(owned: [2]), "node3": Ownership()])

    private static let applied = Result<AgentResult, AgentFailure>.success(.step(.applied))
    private static let lost = Result<AgentResult, AgentFailure>.failure(
        AgentFailure(code: .lost, message: "the agent did not answer in time"))
    private static let refused = Result<AgentResult, AgentFailure>.success(
        .step(.refused([.init(bucket: 1, expected: .owned, found: .draining, writtenBy: "op-9")])))

    /// An execution whose new owner has confirmed that it is ready, and whose releases are sent.
    private static func begun(_ options: PlanExecution.Options = .init(), mode: MoveMode = .graceful) -> PlanExecution {
        var plan = plan
        plan.mode = mode
        var execution = PlanExecution(plan: plan, options: options, authors: [:])
        #expect(execution.begin() == [.send(4)])
        #expect(execution.answered(4, applied) == [.send(0), .send(1)])
        return execution
    }

    /// Loses every answer of an index; returns the last actions.
    private static func loseAll(_ index: Int, of execution: inout PlanExecution) -> [PlanExecution.Action] {
        for attempt in 1..<PlanExecution.attempts {
            let actions = execution.answered(index, lost)
            guard case .wake(.resend(index), _)? = actions.first else { return actions }
            #expect(execution.entries[index].state == .running(attempt: attempt + 1))
            #expect(execution.fired(.resend(index)) == [.send(index)])
        }
        return execution.answered(index, lost)
    }

    @Test func `every node is asked who wrote what before the first step, and each step names who it heard`() {
        var execution = PlanExecution(plan: Self.plan)
        #expect(
            execution.begin() == [.ask(.authors("node1")), .ask(.authors("node2")), .ask(.authors("node3"))])
        #expect(execution.answered(.authors("node1"), .success(.operations([1: "install"]))) == [])
        #expect(execution.answered(.authors("node3"), .success(.operations([1: "op-0"]))) == [])
        #expect(execution.answered(.authors("node2"), .success(.operations([:]))) == [.send(4)])
        let changes = execution.entries.map(\.step.request.changes)
        #expect(changes[0] == [.init(bucket: 1, from: .owned, to: .draining, by: "install")])
        #expect(changes[2] == [.init(bucket: 1, from: nil, to: .owned, by: "op-1-guard")])
        #expect(execution.entries[4].step.request.operation == "op-1-guard")
        #expect(
            changes[4]
                == [.init(bucket: 1, from: nil, to: nil, by: "op-0"), .init(bucket: 2, from: nil, to: nil, by: "")])
    }

    @Test func `nothing is begun when a node that takes part cannot be asked`() {
        var execution = PlanExecution(plan: Self.plan)
        _ = execution.begin()
        let unsent = AgentFailure(code: .unsent, message: "no link")
        #expect(execution.answered(.authors("node3"), .failure(unsent)) == [.finished])
        #expect(execution.entries.allSatisfy { $0.state.reason?.contains("node3 cannot be asked: no link") == true })
    }

    @Test func `nothing is released when the new owner is not ready`() {
        var execution = PlanExecution(plan: Self.plan, authors: [:])
        _ = execution.begin()
        #expect(execution.answered(4, Self.refused) == [.finished])
        #expect(execution.entries[0].state == .skipped("node3 has not confirmed that it does not answer"))
    }

    @Test func `stopping while the nodes are asked does nothing at all`() {
        var execution = PlanExecution(plan: Self.plan)
        _ = execution.begin()
        #expect(execution.abort() == [.finished])
        #expect(execution.answered(.authors("node1"), .success(.operations([:]))) == [])
    }

    @Test func `releases are sent at once, and each claim only after its release was confirmed`() {
        var execution = Self.begun()
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
        #expect(Self.loseAll(0, of: &execution) == [])
        #expect(execution.entries[0].state == .unknown("the agent did not answer in time"))
        #expect(execution.entries[2].state == .skipped("it is not known whether node1 released"))
    }

    @Test func `what a claimant answers already by another hand is not given back, which would make two owners`() {
        var execution = Self.begun()
        _ = execution.answered(0, Self.applied)
        let taken = StepOutcome.refused([.init(bucket: 1, expected: nil, found: .owned, writtenBy: "")])
        #expect(execution.answered(2, .success(.step(taken))) == [])
        #expect(execution.entries[2].state == .refused("bucket 1 was expected not owned and is owned"))
        _ = execution.answered(1, Self.applied)
        #expect(execution.answered(3, Self.applied) == [.finished])
        #expect(!execution.entries.contains(where: \.isGivingBack) && !execution.succeeded)
    }

    @Test func `a claim that is refused gives its bucket back to who released it`() {
        var execution = Self.begun()
        _ = execution.answered(0, Self.applied)
        #expect(execution.answered(2, Self.refused) == [.send(5)])
        #expect(execution.entries[5].step.node == "node1" && execution.entries[5].isGivingBack)
        #expect(
            execution.entries[5].step.request.changes == [.init(bucket: 1, from: .draining, to: .owned, by: "op-1")])
        _ = execution.answered(1, Self.applied)
        _ = execution.answered(3, Self.applied)
        #expect(execution.answered(5, Self.applied) == [.finished])
        #expect(!execution.succeeded)
    }

    @Test func `a claim that may have been carried out is not given back`() {
        var execution = Self.begun()
        _ = execution.answered(0, Self.applied)
        _ = Self.loseAll(2, of: &execution)
        #expect(execution.entries.count == 5)
        #expect(execution.entries[2].state == .unknown("the agent did not answer in time"))
    }

    @Test(arguments: [refused, .failure(AgentFailure(code: .busy, message: "the ruleset keeps changing"))])
    func `a refusal after a lost answer settles nothing: the step may have been made, and changed since`(
        answer: Result<AgentResult, AgentFailure>
    ) {
        var execution = Self.begun()
        _ = execution.answered(0, Self.applied)
        _ = execution.answered(2, Self.lost)
        for _ in 2...PlanExecution.attempts { _ = execution.answered(2, answer) }
        guard case .unknown = execution.entries[2].state else { return #expect(Bool(false)) }
        #expect(execution.entries.count == 5)
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

    @Test func `an immediate move drops the old owner's connections before the claim, and claims also when that fails`()
    {
        var execution = Self.begun(mode: .immediate)
        #expect(execution.answered(0, Self.applied) == [.send(5)])
        #expect(execution.call(5) == .dropConnections(Self.plan.address, [1]))
        #expect(execution.answered(5, .success(.dropped(7))) == [.send(2)])
        #expect(execution.answered(1, Self.applied) == [.send(6)])
        #expect(execution.answered(6, .failure(AgentFailure(code: .kernel, message: "no"))) == [.send(3)])
    }

    @Test func `draining ends on a node as soon as no connection is left, and at the deadline on the others`() {
        var execution = Self.begun(.init(drainWithin: 30))
        for index in [0, 1, 2] { _ = execution.answered(index, Self.applied) }
        #expect(
            execution.answered(3, Self.applied)
                == [
                    .ask(.connections("node1")), .ask(.connections("node2")),
                    .wake(.closing(.connections(30)), after: 30),
                ])
        #expect(
            execution.answered(.connections("node2"), .success(.connections([2: 3])))
                == [.wake(.ask(.connections("node2")), after: 0.5)])
        #expect(execution.connectionsLeft["node2"] == [2: 3])
        #expect(execution.answered(.connections("node1"), .success(.connections([:]))) == [.send(5)])
        #expect(execution.entries[5].step.request.changes == [.init(bucket: 1, from: .draining, to: nil, by: "op-1")])
        #expect(execution.answered(5, Self.applied) == [])
        #expect(execution.fired(.closing(.connections(30))) == [.finished])
        #expect(execution.entries[6].state == .skipped("3 connections are left"))
        #expect(execution.succeeded && execution.unclosed.map(\.step.node) == ["node2"])
    }

    @Test func `at the deadline, connections that are left are forgotten and the new owner resets them for a while`() {
        var execution = Self.begun(.init(drainWithin: 30, atDeadline: .reset, settleAfter: 5))
        for index in 0..<4 { _ = execution.answered(index, Self.applied) }
        _ = execution.answered(.connections("node1"), .success(.connections([:])))
        _ = execution.answered(5, Self.applied)
        _ = execution.answered(.connections("node2"), .success(.connections([2: 3])))
        #expect(execution.fired(.closing(.connections(30))) == [.send(6)])
        #expect(execution.answered(6, Self.applied) == [.send(7), .send(8)])
        #expect(execution.call(7) == .dropConnections(Self.plan.address, [2]))
        #expect(execution.entries[8].step.node == "node3")
        #expect(execution.entries[8].step.request.changes == [.init(bucket: 2, from: .owned, to: .adopted, by: "op-1")])
        #expect(execution.answered(7, .success(.dropped(3))) == [])
        #expect(execution.answered(8, Self.applied) == [.wake(.closing(.settling(5)), after: 5)])
        #expect(execution.fired(.closing(.connections(30))) == [])
        #expect(execution.fired(.closing(.settling(5))) == [.send(9)])
        #expect(
            execution.entries[9].step.request.changes
                == [.init(bucket: 2, from: .adopted, to: .owned, by: "op-1-reset")])
        #expect(execution.entries[9].step.request.operation == "op-1-settled")
        #expect(execution.answered(9, Self.applied) == [.finished])
        #expect(execution.succeeded && execution.unclosed.isEmpty)
    }

    @Test func `at the deadline, a bucket that a third node drains is not reset`() {
        var plan = Self.plan
        plan.before["node4"] = Ownership(draining: [2])
        var execution = PlanExecution(
            plan: plan, options: .init(drainWithin: 30, atDeadline: .reset), authors: [:])
        _ = execution.begin()
        for index in [4, 0, 1, 2, 3] { _ = execution.answered(index, Self.applied) }
        #expect(Set(execution.fired(.closing(.connections(30)))) == [.send(5), .send(6)])
        let resets = execution.entries.filter { $0.part == .adopting }
        #expect(resets.map(\.buckets) == [[1]])
    }

    @Test func `what was meant for a table of before says so`() {
        let mismatch = StepOutcome.Mismatch(bucket: 1, expected: nil, found: nil, writtenBy: "install-1")
        var execution = PlanExecution(plan: Self.plan, authors: [:])
        _ = execution.begin()
        _ = execution.answered(4, .success(.step(.refused([mismatch]))))
        let reason = "bucket 1 is not owned, but the node's table was made anew meanwhile, written by install-1"
        #expect(execution.entries[4].state == .refused(reason))
    }

    @Test func `at a deadline that keeps, buckets without connections end their draining and the others drain on`() {
        var plan = Self.plan
        plan.moves = [Move(bucket: 1, from: "node1", to: "node3"), Move(bucket: 2, from: "node1", to: "node3")]
        plan.before = ["node1": Ownership(owned: [1, 2]), "node3": Ownership()]
        var execution = PlanExecution(plan: plan, options: .init(drainWithin: 30), authors: [:])
        _ = execution.begin()
        for index in [2, 0, 1] { _ = execution.answered(index, Self.applied) }
        _ = execution.answered(.connections("node1"), .success(.connections([2: 1])))
        #expect(execution.fired(.closing(.connections(30))) == [.send(3)])
        #expect(execution.entries[3].buckets == [1])
        #expect(execution.entries[4].state == .skipped("1 connection is left"))
        #expect(execution.answered(3, Self.applied) == [.finished])
    }

    @Test func `stopping the wait leaves buckets draining, and adopted`() {
        var execution = Self.begun(.init(drainWithin: 30))
        for index in 0..<4 { _ = execution.answered(index, Self.applied) }
        #expect(execution.wait == .connections(30))
        #expect(execution.abort() == [.finished])
        #expect(execution.succeeded && execution.unclosed.count == 2)
        #expect(execution.fired(.closing(.connections(30))) == [])
    }

    @Test func `a plan that only closes settles at once and waits for connections`() {
        var plan = Self.plan
        plan.moves = []
        plan.closing = ["node1": Ownership(draining: [1], adopted: [4])]
        plan.before = ["node1": Ownership(draining: [1], adopted: [4]), "node3": Ownership(owned: [1])]
        var execution = PlanExecution(plan: plan, options: .init(drainWithin: 30, atDeadline: .reset))
        #expect(execution.begin() == [.ask(.authors("node1")), .ask(.authors("node3"))])
        #expect(execution.answered(.authors("node3"), .success(.operations([1: "op-0"]))) == [])
        #expect(
            execution.answered(.authors("node1"), .success(.operations([1: "op-0", 4: "op-9"])))
                == [.send(1), .ask(.connections("node1")), .wake(.closing(.connections(30)), after: 30)])
        #expect(execution.entries[1].step.request.changes == [.init(bucket: 4, from: .adopted, to: .owned, by: "op-9")])
        #expect(execution.answered(1, Self.applied) == [])
        _ = execution.answered(.connections("node1"), .success(.connections([1: 2])))
        #expect(execution.fired(.closing(.connections(30))) == [.send(0)])
        #expect(execution.entries[3].step.request.changes == [.init(bucket: 1, from: .owned, to: .adopted, by: "op-0")])
    }

    @Test func `what nobody answers is claimed only after every node has confirmed it`() {
        var plan = Self.plan
        plan.moves = [Move(bucket: 5, from: nil, to: "node3")]
        var execution = PlanExecution(plan: plan, authors: ["node1": [5: "op-0"]])
        #expect(execution.begin() == [.send(1), .send(2), .send(3)])
        #expect(execution.entries[1].step.request.changes == [.init(bucket: 5, from: nil, to: nil, by: "op-0")])
        #expect(execution.answered(1, Self.applied) + execution.answered(2, Self.applied) == [])
        #expect(execution.answered(3, Self.applied) == [.send(0)])
        #expect(execution.answered(0, Self.applied) == [.finished])
    }

    @Test func `a take-over asks all but the dead owner, and settles what it adopted`() {
        var plan = Self.plan
        plan.mode = .takeOver
        plan.moves = [Move(bucket: 1, from: nil, to: "node3")]
        var execution = PlanExecution(plan: plan, options: .init(settleAfter: 10), authors: [:])
        #expect(execution.begin() == [.send(1), .send(2)])
        #expect(execution.entries[1].step.node == "node2")
        #expect(execution.answered(1, Self.applied) == [])
        #expect(execution.answered(2, Self.applied) == [.send(0)])
        #expect(execution.answered(0, Self.applied) == [.wake(.closing(.settling(10)), after: 10)])
        #expect(execution.fired(.closing(.settling(10))) == [.send(3)])
        #expect(execution.entries[3].step.request.changes == [.init(bucket: 1, from: .adopted, to: .owned, by: "op-1")])
    }

    @Test func `a take-over claims nothing more when the node that was said to be dead answers`() {
        var plan = Self.plan
        plan.mode = .takeOver
        plan.moves = [Move(bucket: 1, from: nil, to: "node3")]
        plan.risks = [Risk(name: "not-fenced", text: "", mustBeForced: true, silent: ["node1"])]
        var execution = PlanExecution(plan: plan, authors: [:])
        #expect(execution.begin() == [.send(1), .send(2)])
        #expect(execution.answered(1, Self.applied) == [])
        #expect(execution.nodeReturned("node2") == [] && execution.entries[0].state == .waiting)
        #expect(execution.nodeReturned("node1") == [])
        #expect(execution.entries[0].state == .skipped("node1, which the plan takes for dead, answers again"))
        #expect(execution.answered(2, Self.applied) == [.finished])
        #expect(execution.changedNothing)
    }
}
