import Canvas
import ClusterModel
import Planning
import Responsibility
import Testing

@testable import Console

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
    #expect(state.selection.node == "node2")
    _ = state.type(": sort Space pps Enter S")
    #expect(state.selection.node == "node2")
    #expect(state.nodes.rows == [2, 1, 0])
}

@Test func connectionsOfAnotherFlowAreDropped() throws {
    var state = Fixture.console()
    let effects = state.type("3 i 10.9.1.2:4242 Enter")
    let flow = Flow(
        transport: .tcp, source: IPAddress(10, 9, 1, 2), sourcePort: 4242, destination: IPAddress(10, 8, 0, 1))
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
    let nodes = ["node1", "node2", "node3"].map {
        NodeStatus(name: $0, state: .unreachable, failure: .refused(nil, "no route"))
    }
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
    #expect(state.picture().contains("52s ago"))
    for second in [143, 147] {
        _ = update(&state, .tick(now: Double(second)))
        _ = update(&state, .snapshot(Fixture.cluster()))
    }
    _ = update(&state, .snapshot(Fixture.trouble()))
    #expect(state.picture().contains("this moment"))
}
