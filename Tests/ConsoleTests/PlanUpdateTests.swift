import Canvas
import ClusterModel
import Planning
import Responsibility
import Testing

@testable import Console

@Test func aPlanIsExecutedByCapitalYAndByNothingElse() {
    let keys: [Key] = [
        .enter, .character("y"), .character("m"), .character("d"), .character(" "), .tab, .character("p"), .ctrl("m"),
    ]
    for key in keys {
        var state = Fixture.console(lock: .operate)
        _ = state.type(": move Space 1,4,7 Space node2 Enter")
        _ = update(&state, .planReady(Fixture.plan()))
        let effects = update(&state, .key(key))
        #expect(!effects.contains { if case .execute = $0 { true } else { false } }, "\(key.label)")
        #expect(!state.plan.isExecuting)
    }
    var state = Fixture.console(lock: .operate)
    _ = state.type(": move Space 1,4,7 Space node2 Enter")
    _ = update(&state, .planReady(Fixture.plan()))
    #expect(state.type("Y Enter") == [.execute(Fixture.plan(), forced: [])])
    #expect(state.plan.isExecuting)
    #expect(state.type("Y Enter") == [])
}

@Test func thePlanTakesTheReasonThatIsTypedForIt() {
    var state = Fixture.console(lock: .operate)
    _ = state.type(": move Space 1,4,7 Space node2 Enter")
    _ = update(&state, .planReady(Fixture.plan()))
    #expect(state.type("Y Esc") == [], "Esc leaves the plan as it is")
    #expect(state.plan.isReady)
    var plan = Fixture.plan()
    plan.reason = "hot client"
    #expect(state.type("Y hot Space client Enter") == [.execute(plan, forced: [])])
}

@Test(arguments: [Lock.locked, .readOnly("the agent was started with --read-only")])
func aLockedConsoleShowsThePlanAndSaysWhyItDoesNotExecuteIt(lock: Lock) {
    var state = Fixture.console(lock: lock)
    _ = state.type(": move Space 1,4,7 Space node2 Enter")
    _ = update(&state, .planReady(Fixture.plan()))
    #expect(state.type("Y") == [])
    #expect(state.notice?.text.text == lock.reason)
    #expect(state.picture().contains("move 1,4,7 to node2"))
}

@Test func unlockAllowsAndLockForbids() {
    var state = Fixture.console()
    _ = state.type(": unlock Enter : move Space 1,4,7 Space node2 Enter")
    _ = update(&state, .planReady(Fixture.plan()))
    _ = state.type(": lock Enter")
    #expect(state.type("Y") == [])
    _ = state.type(": unlock Enter")
    #expect(state.type("Y Enter") == [.execute(Fixture.plan(), forced: [])])
}

@Test func unlockDoesNotOpenAReadOnlyConsole() {
    var state = Fixture.console(lock: .readOnly("no rights on the nodes"))
    _ = state.type(": unlock Enter")
    #expect(state.lock == .readOnly("no rights on the nodes"))
}

@Test func aPlanWithAForcedRiskWantsTheClusterNameTyped() {
    var snapshot = Fixture.cluster()
    snapshot.nodes[1].sample?.health.macJoined = false
    let plan = Fixture.plan(snapshot)
    var state = Fixture.console(snapshot, lock: .operate)
    _ = state.type(": move Space 1,4,7 Space node2 Enter")
    _ = update(&state, .planReady(plan))
    #expect(state.type("Y") == [])
    #expect(state.type("deno Enter") == [])
    #expect(!state.plan.isExecuting)
    _ = state.type("Y")
    #expect(state.type("demo Enter Enter") == [.execute(plan, forced: ["unhealthy-target"])])
}

@Test func aPlanThatCutsClientsOffWantsTheNodeNameTyped() {
    let plan = Fixture.plan(mode: .immediate)
    var state = Fixture.console(lock: .operate)
    _ = state.type(": move Space 1,4,7 Space node2 Space immediate Enter")
    _ = update(&state, .planReady(plan))
    #expect(state.type("Y demo Enter") == [])
    #expect(state.type("Y node1 Enter Enter") == [.execute(plan, forced: ["connections-reset"])])
}

@Test func aRequestThatWasRefusedIsNamed() {
    var state = Fixture.console()
    _ = state.type("R")
    _ = update(&state, .planRefused("node1 has its fair share already"))
    #expect(state.picture().contains("restore node1"))
    #expect(state.picture().contains("node1 has its fair share already"))
}

@Test func aPlanThatComesAfterEscIsDropped() {
    var state = Fixture.console(lock: .operate)
    _ = state.type(": move Space 1,4,7 Space node2 Enter Esc")
    _ = update(&state, .planReady(Fixture.plan()))
    #expect(state.plan.phase == .draft)
}

@Test func theLateAnswerToAnotherRequestIsDropped() {
    for request in [": move Space 1,4,7 Space node3 Enter", ": move Space 1,4 Space node2 Enter"] {
        var state = Fixture.console(lock: .operate)
        _ = state.type(request)
        _ = update(&state, .planReady(Fixture.plan()))
        #expect(state.plan.phase == .planning)
    }
}

@Test func aPlanThatWasNotAskedForIsDropped() {
    var state = Fixture.console(lock: .operate)
    _ = update(&state, .planReady(Fixture.plan()))
    #expect(state.type("4 Y") == [])
    #expect(state.plan.phase == .draft)
}

@Test func theResultIsJudgedByTheKernelsNotByTheExecutor() {
    for isMoved in [true, false] {
        var state = Fixture.console(lock: .operate)
        _ = state.type(": move Space 1,4,7 Space node2 Enter")
        _ = update(&state, .planReady(Fixture.plan()))
        _ = state.type("Y Enter")
        let plan = Fixture.plan()
        _ = update(&state, .planFinished(.completed(after: isMoved ? plan.after : plan.before)))
        #expect(state.notice?.text.kind == (isMoved ? .information : .failure))
        #expect(state.picture().contains(isMoved ? "verified" : "the kernels say otherwise for buckets 1,4,7"))
    }
}

@Test func quittingAsksWhileAPlanIsExecuted() {
    var state = Fixture.console(lock: .operate)
    _ = state.type(": move Space 1,4,7 Space node2 Enter")
    _ = update(&state, .planReady(Fixture.plan()))
    _ = state.type("Y Enter")
    #expect(state.type("q") == [])
    #expect(state.type("Esc") == [])
    #expect(update(&state, .interrupted) == [])
    #expect(state.type("Enter y") == [])
    #expect(state.type("Y") == [.abortExecution, .quit])
}

@Test func aFinishedPlanCanBeTakenBack() {
    var state = Fixture.console(lock: .operate)
    _ = state.type(": move Space 1,4,7 Space node2 Enter")
    _ = update(&state, .planReady(Fixture.plan()))
    _ = state.type("Y Enter")
    _ = update(&state, .planFinished(.stopped("node2 refused the claim")))
    #expect(state.type("u") == [.recover(.undo(Fixture.plan()))])
    #expect(state.plan.phase == .planning)
}
