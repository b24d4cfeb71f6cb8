import Canvas
import ClusterModel
import Planning
import Responsibility
import Testing

@testable import ConsoleCore

/// Keys in, effects out.
@Test(
    arguments: [
        ("q", [.quit]), ("Ctrl-C", [.quit]), ("r", [.refresh]), ("T", [.setTheme("paper")]), ("Ctrl-L", [.repaint]),
        ("Ctrl-Z", [.suspend]), ("e", [.export(.nodes, format: .json)]), (": q Enter", [.quit]),
        (": theme Space paper Enter", [.setTheme("paper")]),
        (": export Space csv Enter", [.export(.nodes, format: .csv)]),
        (
            ": move Space 3,7-9 Space node2 Enter",
            [.plan(.move([3, 7, 8, 9], to: "node2", mode: .graceful))]
        ),
        ("2 m Enter", [.plan(.move([1], to: "node2", mode: .graceful))]),
        (
            "2 Space Space m Right Down Right Enter",
            [.plan(.move([1, 2], to: "node2", mode: .immediate))]
        ),
        ("d", [.plan(.drain("node1", mode: .graceful))]), ("R", [.plan(.restore("node1", mode: .graceful))]),
        (": drain Space node3 Enter", [.plan(.drain("node3", mode: .graceful))]),
        (": takeover Space node3 Enter", [.plan(.takeOver("node3", to: nil))]),
        (": repair Enter", [.plan(.repair)]),
        (": rebalance Enter", [.plan(.rebalance(.count, mode: .graceful))]),
        (": rebalance Space rate Enter", [.plan(.rebalance(.rate, mode: .graceful))]),
        (
            ": rebalance Space node1=2 Space node2=0.5 Enter",
            [.plan(.rebalance(.weight(["node1": 2, "node2": 0.5]), mode: .graceful))]
        ),
        (": rebalance Space heavy Enter", []),
        ("y", [.copy("node1 live owned 1,4,7,10,13,16")]), ("2 Right y", [.copy("bucket 2 of 16 owner node2")]),
        ("q q", [.quit, .quit]), ("/ q", []), ("? q", []), ("f", []), ("9", []), (": nonsense Enter", []),
    ] as [(String, [Effect])])
func keysHaveEffects(keys: String, effects: [Effect]) {
    var state = Fixture.console()
    #expect(state.type(keys) == effects)
}

@Test func everyScreenOpensByItsNumberItsNameAndTab() {
    for screen in Screen.allCases {
        var state = Fixture.console()
        _ = state.type("\(screen.rawValue)")
        #expect(state.screen == screen)
        state = Fixture.console()
        _ = state.type(": \(screen.title.lowercased()) Enter")
        #expect(state.screen == screen)
    }
    var state = Fixture.console()
    for screen in Screen.allCases.dropFirst() + [.nodes] {
        _ = state.type("Tab")
        #expect(state.screen == screen)
    }
    _ = state.type("Shift-Tab")
    #expect(state.screen == .findings)
}

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
    #expect(state.type("Y") == [.execute(Fixture.plan(), forced: [])])
    #expect(state.plan.isExecuting)
    #expect(state.type("Y") == [])
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
    #expect(state.type("Y") == [.execute(Fixture.plan(), forced: [])])
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
    #expect(state.type("demo Enter") == [.execute(plan, forced: ["unhealthy-target"])])
}

@Test func aPlanThatCutsClientsOffWantsTheNodeNameTyped() {
    let plan = Fixture.plan(mode: .immediate)
    var state = Fixture.console(lock: .operate)
    _ = state.type(": move Space 1,4,7 Space node2 Space immediate Enter")
    _ = update(&state, .planReady(plan))
    #expect(state.type("Y demo Enter") == [])
    #expect(state.type("Y node1 Enter") == [.execute(plan, forced: ["connections-reset"])])
}

@Test func aWishThatWasRefusedIsNamed() {
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

@Test func theLateAnswerToAnotherWishIsDropped() {
    for wish in [": move Space 1,4,7 Space node3 Enter", ": move Space 1,4 Space node2 Enter"] {
        var state = Fixture.console(lock: .operate)
        _ = state.type(wish)
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
        _ = state.type("Y")
        let plan = Fixture.plan()
        _ = update(&state, .planFinished(.completed(after: isMoved ? plan.after : plan.before)))
        #expect(state.notice?.text.kind == (isMoved ? .information : .failure))
        #expect(state.picture().contains(isMoved ? "verified" : "the kernels say otherwise for bucket 1,4,7"))
    }
}

@Test func quittingAsksWhileAPlanIsExecuted() {
    var state = Fixture.console(lock: .operate)
    _ = state.type(": move Space 1,4,7 Space node2 Enter")
    _ = update(&state, .planReady(Fixture.plan()))
    _ = state.type("Y")
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
    _ = state.type("Y")
    _ = update(&state, .planFinished(.stopped("node2 refused the claim")))
    #expect(state.type("u") == [.plan(.undo(Fixture.plan()))])
    #expect(state.plan.phase == .planning)
}

@Test func pastedTextOnlyGoesIntoInputLines() {
    var state = Fixture.console()
    #expect(update(&state, .paste("q")) == [])
    #expect(update(&state, .paste(": quit\n")) == [])
    _ = state.type(":")
    #expect(update(&state, .paste("quit\n")) == [])
    #expect(state.prompt?.line.text == "quit ")
    _ = state.type("Esc 3")
    #expect(update(&state, .paste("10.9.1.2:4242\u{1b}[31m")) == [])
    #expect(state.flow.line.text == "10.9.1.2:4242[31m")
}

@Test func aFrozenScreenStandsStillAndCatchesUp() {
    var state = Fixture.console()
    _ = state.type("f")
    let before = state.picture()
    _ = update(&state, .snapshot(Fixture.trouble()))
    #expect(before.contains("FROZEN"))
    #expect(state.picture() == before)
    _ = state.type("f")
    #expect(state.shownNodes.count == 5)
}

@Test func theFilterWorksWhileItIsTypedAndEscRestoresIt() {
    var state = Fixture.console(Fixture.trouble())
    _ = state.type("/ stale")
    #expect(state.nodes.rows == [2])
    _ = state.type("Esc")
    #expect(state.nodes.rows.count == 5)
    _ = state.type("/ !stale Enter")
    #expect(state.nodes.rows == [0, 1, 3, 4])
    _ = state.type("Esc")
    #expect(state.nodes.filter.isEmpty)
}

@Test(
    arguments: [
        ("owner=node2", [2, 5, 8, 11, 14]), ("owner=B >100", [11, 14]),
        ("3,7-9", [3, 7, 8, 9]), ("!owner=node1 !owner=node2", [3, 6, 9, 12, 15]), ("<2", [3, 10, 16]),
        ("orphan", []), ("marked", []),
    ] as [(String, [Int])])
func bucketsAreFiltered(filter: String, buckets: [Int]) {
    var state = Fixture.console()
    _ = state.type("2 : filter Space \(filter.split(separator: " ").joined(separator: " Space ")) Enter")
    #expect(state.buckets.shown == buckets)
    #expect(state.buckets.filterError == nil)
}

@Test(arguments: ["owner=nobody", ">x", "17", "nonsense"])
func aWrongFilterSaysWhatIsWrongAndShowsAll(filter: String) {
    var state = Fixture.console()
    _ = state.type("2 / \(filter)")
    #expect(state.buckets.filterError?.isEmpty == false)
    #expect(state.buckets.shown == nil)
}

@Test func theSelectedNodeStaysSelectedWhenTheOrderChanges() {
    var state = Fixture.console()
    _ = state.type("Down")
    #expect(state.selectedNode?.name == "node2")
    _ = state.type(": sort Space pps Enter S")
    #expect(state.selectedNode?.name == "node2")
    #expect(state.nodes.rows == [2, 1, 0])
}

@Test func connectionsOfAnotherFlowAreDropped() throws {
    var state = Fixture.console()
    let effects = state.type("3 10.9.1.2:4242 Enter")
    let flow = Flow(
        transport: .tcp, source: IPv4Address(10, 9, 1, 2), sourcePort: 4242, destination: IPv4Address(10, 8, 0, 1))
    #expect(effects == [.askConnections(flow)])
    var other = flow
    other.sourcePort = 1
    _ = update(&state, .connections(other, [FlowConnection(node: "node1", text: "established", isKnown: true)]))
    #expect(state.flow.replies == nil)
    _ = update(&state, .connections(flow, [FlowConnection(node: "node1", text: "established", isKnown: true)]))
    #expect(state.picture().contains("connection: established"))
    _ = state.type("i 1")
    #expect(state.flow.asked == nil)
}

@Test func aDisabledKeySaysWhy() {
    var state = Fixture.console(nil)
    _ = state.type("Space")
    #expect(state.notice?.text.text == "no node was heard yet")
    _ = update(&state, .tick(now: 120))
    #expect(state.notice == nil)
}

@Test func `before any node has shown settings, the screen says why`() {
    var state = Fixture.console(nil)
    let nodes = ["node1", "node2", "node3"].map { NodeStatus(name: $0, state: .unreachable, reason: "no route") }
    _ = update(&state, .nodes(nodes))
    #expect(state.picture().contains("no route") && !state.picture().contains("connecting to node1"))
    #expect(state.picture().contains("no node can be reached"))
    _ = state.type("6")
    #expect(state.picture().contains("node2: no route"))
    _ = update(&state, .snapshot(Fixture.cluster()))
    _ = update(&state, .nodes(nodes))
    #expect(!state.picture().contains("no route"))
}

@Test func `a finding tells since when it is there, until it goes`() {
    var state = Fixture.console(Fixture.trouble())
    _ = update(&state, .tick(now: 142))
    _ = update(&state, .snapshot(Fixture.trouble()))
    _ = state.type("6")
    #expect(state.picture().contains("42s ago"))
    _ = update(&state, .snapshot(Fixture.cluster()))
    _ = update(&state, .snapshot(Fixture.trouble()))
    #expect(state.picture().contains("this moment"))
}
