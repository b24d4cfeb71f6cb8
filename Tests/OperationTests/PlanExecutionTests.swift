import AgentProtocol
import ClusterModel
import Execution
import Planning
import Responsibility
import Testing
import Wording

@Suite struct PlanExecutionTests {
    /// Bucket 1 of node1 and bucket 2 of node2 move to node3.
    private static let plan = Plan(
        .requested(.move([1, 2], to: "node3", mode: .graceful)),
        .moves([Move(bucket: 1, from: "node1", to: "node3"), Move(bucket: 2, from: "node2", to: "node3")], .graceful),
        address: IPAddress(10, 8, 0, 1), operation: "op-1",
        before: ["node1": Ownership(owned: [1]), "node2": Ownership(owned: [2]), "node3": Ownership()])

    private static let confirm = StepID.guard("node3")
    private static let release1 = StepID.release("node1")
    private static let release2 = StepID.release("node2")
    private static let claim1 = StepID.claim("node3", from: "node1")
    private static let claim2 = StepID.claim("node3", from: "node2")

    private static let applied = Result<AgentResult, AgentFailure>.success(.step(.applied))
    private static let lost = Result<AgentResult, AgentFailure>.failure(
        AgentFailure(code: .lost, message: "the agent did not answer in time"))
    private static let mismatch = StepOutcome.Mismatch(
        bucket: 1, expected: .owned, found: .draining, writtenBy: "op-9")
    private static let refused = Result<AgentResult, AgentFailure>.success(
        .step(.refused([mismatch])))

    /// An execution whose new owner has confirmed that it is ready, and whose releases are sent.
    private static func begun(_ options: PlanExecution.Options = .init(), mode: MoveMode = .graceful) -> PlanExecution {
        var plan = plan
        plan.mode = mode
        var execution = PlanExecution(plan: plan, options: options, marks: [:])
        #expect(execution.begin() == [.send(confirm)])
        #expect(execution.answered(confirm, applied) == [.send(release1), .send(release2)])
        return execution
    }

    /// Loses every answer to a step; returns the last actions.
    private static func loseAll(_ id: StepID, of execution: inout PlanExecution) -> [PlanExecution.Action] {
        for attempt in 1..<PlanExecution.attempts {
            let actions = execution.answered(id, lost)
            guard case .wake(.resend(id), _)? = actions.first else { return actions }
            #expect(execution.steps[id]?.progress == .running(attempt: attempt + 1))
            #expect(execution.fired(.resend(id)) == [.send(id)])
        }
        return execution.answered(id, lost)
    }

    @Test func `who is admitted learns of all members by the same request, before anything is asked or claimed`() {
        let settings = ClusterConfiguration(
            name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e08_0001),
            scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 2, seed: 42)))
        let plan = Plan(
            .requested(.join("node2", interface: nil)),
            .membership(["node2": .admit(settings)], then: [Move(bucket: 1, from: nil, to: "node2")], .graceful),
            address: settings.address, operation: "op-1", before: ["node1": Ownership(), "node2": Ownership()],
            roster: Roster(names: ["node1", "node2"], readers: []))
        let admit = StepID(.admit, on: "node2")
        var execution = PlanExecution(plan: plan)
        #expect(execution.begin() == [.send(admit)])
        #expect(execution.call(admit) == .admit(settings, members: ["node1", "node2"]))
        #expect(execution.answered(admit, .success(.done)) == [.ask(.marks("node1")), .ask(.marks("node2"))])
    }

    @Test func `every node is asked who wrote what before the first step, and each step names the mark it heard of`() {
        var execution = PlanExecution(plan: Self.plan)
        #expect(execution.begin() == [.ask(.marks("node1")), .ask(.marks("node2")), .ask(.marks("node3"))])
        #expect(execution.answered(.marks("node1"), .success(.operations([1: "install"]))) == [])
        #expect(execution.answered(.marks("node3"), .success(.operations([1: "op-0"]))) == [])
        #expect(execution.answered(.marks("node2"), .success(.operations([:]))) == [.send(Self.confirm)])
        #expect(execution.changes(Self.release1) == [.init(bucket: 1, from: .owned, to: .draining, by: "install")])
        #expect(execution.changes(Self.claim1) == [.init(bucket: 1, from: nil, to: .owned, by: "op-1-guard")])
        #expect(execution.mark(Self.confirm) == "op-1-guard")
        #expect(
            execution.changes(Self.confirm)
                == [.init(bucket: 1, from: nil, to: nil, by: "op-0"), .init(bucket: 2, from: nil, to: nil, by: "")])
    }

    @Test func `nothing is begun when a node that takes part cannot be asked`() {
        var execution = PlanExecution(plan: Self.plan)
        _ = execution.begin()
        let unsent = AgentFailure(code: .unsent, message: "no link")
        #expect(execution.answered(.marks("node3"), .failure(unsent)) == [.finished])
        #expect(
            execution.steps.allSatisfy { $0.progress == .skipped(.cannotAsk(node: "node3", "no link")) })
    }

    @Test func `nothing is released when the new owner is not ready`() {
        var execution = PlanExecution(plan: Self.plan, marks: [:])
        _ = execution.begin()
        #expect(execution.answered(Self.confirm, Self.refused) == [.finished])
        let failure = StepFailure.unconfirmed(node: "node3", isKnown: true)
        #expect(execution.steps.progress(of: Self.release1) == .skipped(failure))
    }

    @Test func `stopping while the nodes are asked does nothing at all`() {
        var execution = PlanExecution(plan: Self.plan)
        _ = execution.begin()
        #expect(execution.stop() == [.finished])
        #expect(execution.answered(.marks("node1"), .success(.operations([:]))) == [])
    }

    @Test func `releases are sent at once, and each claim only after its release was confirmed`() {
        var execution = Self.begun()
        #expect(execution.answered(Self.release2, Self.applied) == [.send(Self.claim2)])
        #expect(execution.answered(Self.release1, Self.applied) == [.send(Self.claim1)])
        #expect(execution.answered(Self.claim2, Self.applied) == [])
        #expect(execution.answered(Self.claim1, Self.applied) == [.finished])
        #expect(execution.result == .done)
    }

    @Test func `a release that was refused leaves its claim unsent, and the others go on`() {
        var execution = Self.begun()
        #expect(execution.answered(Self.release1, Self.refused) == [])
        #expect(execution.steps.progress(of: Self.release1) == .refused(.mismatch(Self.mismatch)))
        let failure = StepFailure.unreleased(node: "node1", isKnown: true)
        #expect(execution.steps.progress(of: Self.claim1) == .skipped(failure))
        #expect(execution.answered(Self.release2, Self.applied) == [.send(Self.claim2)])
        #expect(execution.answered(Self.claim2, Self.applied) == [.finished])
        #expect(execution.result == .partly)
    }

    @Test func `a lost answer is asked for again, and a release that stays unknown is never claimed`() {
        var execution = Self.begun()
        #expect(Self.loseAll(Self.release1, of: &execution) == [])
        #expect(execution.steps.progress(of: Self.release1) == .unknown(.agent("the agent did not answer in time")))
        let failure = StepFailure.unreleased(node: "node1", isKnown: false)
        #expect(execution.steps.progress(of: Self.claim1) == .skipped(failure))
    }

    @Test func `what a claimant answers already by another hand is not given back, which would make two owners`() {
        var execution = Self.begun()
        _ = execution.answered(Self.release1, Self.applied)
        let taken = StepOutcome.Mismatch(bucket: 1, expected: nil, found: .owned, writtenBy: "")
        #expect(execution.answered(Self.claim1, .success(.step(.refused([taken])))) == [])
        #expect(execution.steps.progress(of: Self.claim1) == .refused(.mismatch(taken)))
        _ = execution.answered(Self.release2, Self.applied)
        #expect(execution.answered(Self.claim2, Self.applied) == [.finished])
        #expect(!execution.steps.contains { $0.role == .giveBack } && execution.result == .partly)
    }

    @Test func `a claim that is refused gives its bucket back to who released it`() {
        var execution = Self.begun()
        _ = execution.answered(Self.release1, Self.applied)
        let giveBack = StepID.giveBack("node1", from: "node3")
        #expect(execution.answered(Self.claim1, Self.refused) == [.send(giveBack)])
        #expect(execution.changes(giveBack) == [.init(bucket: 1, from: .draining, to: .owned, by: "op-1")])
        _ = execution.answered(Self.release2, Self.applied)
        _ = execution.answered(Self.claim2, Self.applied)
        #expect(execution.answered(giveBack, Self.applied) == [.finished])
        #expect(execution.result == .partly)
    }

    @Test func `a claim that may have been carried out is not given back`() {
        var execution = Self.begun()
        _ = execution.answered(Self.release1, Self.applied)
        _ = Self.loseAll(Self.claim1, of: &execution)
        #expect(!execution.steps.contains { $0.role == .giveBack })
        #expect(execution.steps.progress(of: Self.claim1) == .unknown(.agent("the agent did not answer in time")))
    }

    @Test(arguments: [refused, .failure(AgentFailure(code: .busy, message: "the ruleset keeps changing"))])
    func `a refusal after a lost answer decides nothing: the step may have been made, and changed since`(
        answer: Result<AgentResult, AgentFailure>
    ) {
        var execution = Self.begun()
        _ = execution.answered(Self.release1, Self.applied)
        _ = execution.answered(Self.claim1, Self.lost)
        for _ in 2...PlanExecution.attempts { _ = execution.answered(Self.claim1, answer) }
        guard case .unknown? = execution.steps[Self.claim1]?.progress else { return #expect(Bool(false)) }
        #expect(!execution.steps.contains { $0.role == .giveBack })
    }

    @Test func `stopping still claims what was released`() {
        var execution = Self.begun()
        #expect(execution.stop() == [])
        #expect(execution.answered(Self.release1, Self.applied) == [.send(Self.claim1)])
    }

    @Test func `a late answer to a step that is over changes nothing`() {
        var execution = Self.begun()
        _ = execution.answered(Self.release1, Self.refused)
        #expect(execution.answered(Self.release1, Self.applied) == [])
        #expect(execution.answered(Self.claim1, Self.applied) == [])
    }

    @Test func `an immediate move drops the old owner's connections before the claim, and claims also when that fails`()
    {
        var execution = Self.begun(mode: .immediate)
        #expect(execution.answered(Self.release1, Self.applied) == [.send(.drop("node1"))])
        #expect(execution.call(.drop("node1")) == .dropConnections(Self.plan.address, [1]))
        #expect(execution.answered(.drop("node1"), .success(.dropped(7))) == [.send(Self.claim1)])
        #expect(execution.answered(Self.release2, Self.applied) == [.send(.drop("node2"))])
        let failure = AgentFailure(code: .kernel, message: "no")
        #expect(execution.answered(.drop("node2"), .failure(failure)) == [.send(Self.claim2)])
    }

    @Test func `draining ends on a node as soon as no connection is left, and at the deadline on the others`() {
        var execution = Self.begun(.init(drainWithin: 30))
        for id in [Self.release1, Self.release2, Self.claim1] { _ = execution.answered(id, Self.applied) }
        #expect(
            execution.answered(Self.claim2, Self.applied)
                == [
                    .ask(.connections("node1")), .ask(.connections("node2")),
                    .wake(.closing(.connections(30)), after: 30),
                ])
        #expect(
            execution.answered(.connections("node2"), .success(.connections([2: 3])))
                == [.wake(.ask(.connections("node2")), after: 0.5)])
        #expect(execution.connectionsLeft["node2"] == [2: 3])
        let end = StepID.endDrain("node1")
        #expect(execution.answered(.connections("node1"), .success(.connections([:]))) == [.send(end)])
        #expect(execution.changes(end) == [.init(bucket: 1, from: .draining, to: nil, by: "op-1")])
        #expect(execution.answered(end, Self.applied) == [])
        #expect(execution.fired(.closing(.connections(30))) == [.finished])
        #expect(execution.steps[.endDrain("node2")]?.progress == .skipped(.connectionsLeft(3)))
        #expect(execution.result == .unclosed && execution.unclosed == ["node2"])
    }

    @Test func `at the deadline, connections that are left are forgotten and the new owner resets them for a while`() {
        var execution = Self.begun(.init(drainWithin: 30, atDeadline: .reset, finalizeAfter: 5))
        for id in [Self.release1, Self.release2, Self.claim1, Self.claim2] { _ = execution.answered(id, Self.applied) }
        _ = execution.answered(.connections("node1"), .success(.connections([:])))
        _ = execution.answered(.endDrain("node1"), Self.applied)
        _ = execution.answered(.connections("node2"), .success(.connections([2: 3])))
        #expect(execution.fired(.closing(.connections(30))) == [.send(.endDrain("node2"))])
        let adopt = StepID.adopt("node3", from: "node2")
        #expect(execution.answered(.endDrain("node2"), Self.applied) == [.send(.drop("node2")), .send(adopt)])
        #expect(execution.call(.drop("node2")) == .dropConnections(Self.plan.address, [2]))
        #expect(execution.changes(adopt) == [.init(bucket: 2, from: .owned, to: .adopted, by: "op-1")])
        #expect(execution.answered(.drop("node2"), .success(.dropped(3))) == [])
        #expect(execution.answered(adopt, Self.applied) == [.wake(.closing(.finalizing(5)), after: 5)])
        #expect(execution.fired(.closing(.connections(30))) == [])
        let end = StepID.finalize("node3", from: "node2")
        #expect(execution.fired(.closing(.finalizing(5))) == [.send(end)])
        #expect(execution.changes(end) == [.init(bucket: 2, from: .adopted, to: .owned, by: "op-1-reset")])
        #expect(execution.mark(end) == "op-1-settled")
        #expect(execution.answered(end, Self.applied) == [.finished])
        #expect(execution.result == .done)
    }

    @Test func `at the deadline, a bucket that a third node drains is not reset`() {
        var plan = Self.plan
        plan.before["node4"] = Ownership(draining: [2])
        var execution = PlanExecution(plan: plan, options: .init(drainWithin: 30, atDeadline: .reset), marks: [:])
        _ = execution.begin()
        for id in [Self.confirm, Self.release1, Self.release2, Self.claim1, Self.claim2] {
            _ = execution.answered(id, Self.applied)
        }
        let ends: Set<PlanExecution.Action> = [.send(.endDrain("node1")), .send(.endDrain("node2"))]
        #expect(Set(execution.fired(.closing(.connections(30)))) == ends)
        #expect(execution.steps.filter { $0.role == .adopt }.map(\.buckets) == [[1]])
    }

    @Test func `what was meant for a table of before says so`() {
        let mismatch = StepOutcome.Mismatch(bucket: 1, expected: nil, found: nil, writtenBy: "install-1")
        var execution = PlanExecution(plan: Self.plan, marks: [:])
        _ = execution.begin()
        _ = execution.answered(Self.confirm, .success(.step(.refused([mismatch]))))
        #expect(execution.steps.progress(of: Self.confirm) == .refused(.mismatch(mismatch)))
        let sentence = "bucket 1 is not owned, but the node's table was made anew meanwhile, written by install-1"
        #expect(StepFailure.mismatch(mismatch).sentence == sentence)
        let other = "bucket 1 was expected owned and is draining, written by op-9"
        #expect(StepFailure.mismatch(Self.mismatch).sentence == other)
    }

    @Test func `at a deadline that keeps, buckets without connections end their draining and the others drain on`() {
        var plan = Self.plan
        plan.moves = [Move(bucket: 1, from: "node1", to: "node3"), Move(bucket: 2, from: "node1", to: "node3")]
        plan.before = ["node1": Ownership(owned: [1, 2]), "node3": Ownership()]
        var execution = PlanExecution(plan: plan, options: .init(drainWithin: 30), marks: [:])
        _ = execution.begin()
        for id in [Self.confirm, Self.release1, Self.claim1] { _ = execution.answered(id, Self.applied) }
        _ = execution.answered(.connections("node1"), .success(.connections([2: 1])))
        let end = StepID.endDrain("node1")
        #expect(execution.fired(.closing(.connections(30))) == [.send(end)])
        #expect(execution.steps[end]?.buckets == [1])
        #expect(execution.steps[.endDrain("node1", part: 2)]?.progress == .skipped(.connectionsLeft(1)))
        #expect(execution.answered(end, Self.applied) == [.finished])
    }

    @Test func `stopping the wait leaves buckets draining, and adopted`() {
        var execution = Self.begun(.init(drainWithin: 30))
        for id in [Self.release1, Self.release2, Self.claim1, Self.claim2] { _ = execution.answered(id, Self.applied) }
        #expect(execution.wait == .connections(30))
        #expect(execution.stop() == [.finished])
        #expect(execution.result == .unclosed && execution.unclosed == ["node1", "node2"])
        #expect(execution.fired(.closing(.connections(30))) == [])
    }

    @Test func `a plan that only closes finalizes at once and waits for connections`() {
        var plan = Self.plan
        plan.work = .finalization(["node1": Ownership(draining: [1], adopted: [4])])
        plan.before = ["node1": Ownership(draining: [1], adopted: [4]), "node3": Ownership(owned: [1])]
        var execution = PlanExecution(plan: plan, options: .init(drainWithin: 30, atDeadline: .reset))
        #expect(execution.begin() == [.ask(.marks("node1")), .ask(.marks("node3"))])
        #expect(execution.answered(.marks("node3"), .success(.operations([1: "op-0"]))) == [])
        let finalize = StepID.finalize("node1")
        #expect(
            execution.answered(.marks("node1"), .success(.operations([1: "op-0", 4: "op-9"])))
                == [.send(finalize), .ask(.connections("node1")), .wake(.closing(.connections(30)), after: 30)])
        #expect(execution.changes(finalize) == [.init(bucket: 4, from: .adopted, to: .owned, by: "op-9")])
        #expect(execution.answered(finalize, Self.applied) == [])
        _ = execution.answered(.connections("node1"), .success(.connections([1: 2])))
        #expect(execution.fired(.closing(.connections(30))) == [.send(.endDrain("node1"))])
        let adopt = StepID.adopt("node3", from: "node1")
        #expect(execution.changes(adopt) == [.init(bucket: 1, from: .owned, to: .adopted, by: "op-0")])
    }

    @Test func `what nobody answers is claimed only after every node has confirmed it`() {
        var plan = Self.plan
        plan.moves = [Move(bucket: 5, from: nil, to: "node3")]
        var execution = PlanExecution(plan: plan, marks: ["node1": [5: "op-0"]])
        let guards = ["node1", "node2", "node3"].map { StepID.guard($0) }
        let claim = StepID.claim("node3", from: nil)
        #expect(execution.begin() == guards.map { .send($0) })
        #expect(execution.changes(guards[0]) == [.init(bucket: 5, from: nil, to: nil, by: "op-0")])
        #expect(execution.answered(guards[0], Self.applied) + execution.answered(guards[1], Self.applied) == [])
        #expect(execution.answered(guards[2], Self.applied) == [.send(claim)])
        #expect(execution.answered(claim, Self.applied) == [.finished])
    }

    /// A take-over of bucket 1, which node1 was seen to own.
    private static var takeOver: Plan {
        var plan = plan
        plan.mode = .takeOver
        plan.moves = [Move(bucket: 1, from: nil, to: "node3")]
        return plan
    }

    @Test func `a take-over asks all but the dead owner, and finalizes what it adopted`() {
        var execution = PlanExecution(plan: Self.takeOver, options: .init(finalizeAfter: 10), marks: [:])
        let (claim, end) = (StepID.claim("node3", from: nil), StepID.finalize("node3"))
        #expect(execution.begin() == [.send(.guard("node2")), .send(.guard("node3"))])
        #expect(execution.answered(.guard("node2"), Self.applied) == [])
        #expect(execution.answered(.guard("node3"), Self.applied) == [.send(claim)])
        #expect(execution.answered(claim, Self.applied) == [.wake(.closing(.finalizing(10)), after: 10)])
        #expect(execution.fired(.closing(.finalizing(10))) == [.send(end)])
        #expect(execution.changes(end) == [.init(bucket: 1, from: .adopted, to: .owned, by: "op-1")])
    }

    @Test func `a take-over claims nothing more when the node that was said to be dead answers`() {
        var plan = Self.takeOver
        plan.risks = [.notFenced(node: "node1", .unreachable)]
        var execution = PlanExecution(plan: plan, marks: [:])
        let claim = StepID.claim("node3", from: nil)
        #expect(execution.begin() == [.send(.guard("node2")), .send(.guard("node3"))])
        #expect(execution.answered(.guard("node2"), Self.applied) == [])
        #expect(execution.nodeReturned("node2") == [] && execution.steps[claim]?.progress == .waiting)
        #expect(execution.nodeReturned("node1") == [])
        #expect(execution.steps.progress(of: claim) == .skipped(.returned(node: "node1")))
        #expect(execution.answered(.guard("node3"), Self.applied) == [.finished])
        #expect(execution.result == .nothingChanged)
    }
}

extension PlanExecution {
    /// The changes that a step makes.
    func changes(_ id: StepID) -> [StepRequest.Change]? { steps[id]?.step.changes }

    /// The nodes on which something is not closed that the plan was to close.
    var unclosed: [String] { steps.filter { $0.role.isClosing && $0.progress != .done }.map(\.node) }

    /// The mark that a step writes.
    func mark(_ id: StepID) -> String? {
        if case .change(let request)? = steps[id]?.step.action { request.operation } else { nil }
    }
}
