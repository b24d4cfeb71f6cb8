import ClusterModel
import Planning
import Responsibility
import Testing
import Wording

@Suite struct PlanWordsTests {
    private static let titles: [(PlanKind, String)] = [
        (.requested(.move([3, 7, 8, 9], to: "node2", mode: .graceful)), "move 3,7-9 to node2"),
        (.requested(.drain("node1", mode: .immediate)), "drain node1"),
        (.requested(.restore("node1", mode: .graceful)), "restore node1"),
        (.requested(.takeOver("node3", to: nil)), "take over from node3"),
        (.requested(.takeOver("node3", to: "node1")), "take over from node3 to node1"),
        (.requested(.repair), "repair"),
        (.requested(.rebalance(.count, mode: .graceful)), "rebalance by count"),
        (.requested(.rebalance(.weight(["b": 0.5, "a": 2]), mode: .graceful)), "rebalance by weight a=2 b=0.5"),
        (.requested(.finalize(nil)), "settle"), (.requested(.finalize("node1")), "settle node1"),
        (.undo(.requested(.repair)), "undo: repair"), (.finish(.undo(.requested(.repair))), "finish: undo: repair"),
        (.unknown(title: "swap a and b"), "swap a and b"),
    ]

    @Test(arguments: titles)
    func `a plan's title is what the operator asked for`(kind: PlanKind, title: String) {
        #expect(kind.title == title)
    }

    private static let risks: [(Risk, String)] = [
        (
            .notFenced(node: "node3", .unreachable),
            "node3 is unreachable, which is not dead: if it still answers, two nodes answer and new connections break"
        ),
        (
            .connectionsReset(node: "node1", [3, 4], after: nil),
            "node1 forgets its connections in 3-4 at once, and the new owners reset them"
        ),
        (
            .connectionsReset(node: "node1", [3], after: 600),
            "connections that node1 still keeps in 3 after 10 min are reset"
        ),
        (.silentNodes(["a", "b"]), "a, b cannot be asked and may answer some of these buckets"),
        (.oneNode("a", of: 8), "a alone would answer all 8 buckets: nothing is left if it fails"),
    ]

    @Test(arguments: risks)
    func `a risk is one sentence with its values`(risk: Risk, sentence: String) {
        #expect(risk.sentence == sentence)
    }

    @Test func `a node that is not well is named with what it lacks`() {
        var health = MulticastHealth()
        health.interfaceUp = false
        #expect(Risk.unhealthyTarget(node: "a", health).sentence == "a may not answer: interface down")
        let stranded = Risk.connectionsStranded(node: "a", [1, 2], health).sentence
        #expect(stranded.hasPrefix("a keeps its connections in 1-2 and cannot serve them (interface down)"))
    }

    private static let errors: [(PlanError, String)] = [
        (.unknownNode("x", known: ["a", "b"]), "there is no node \"x\": the nodes are a, b"),
        (.nothingToDo(.answered(by: "a")), "a answers all of these buckets already"),
        (.nothingToDo(.nothingToFinalize(node: "a")), "a drains or adopts no bucket"),
        (.nothingToDo(.nothingToFinalize(node: nil)), "no node drains or adopts any bucket"),
        (.wrongWeight(-1, node: "a"), "-1.0 is not a weight for a: a weight is 0 to 1000000"),
        (
            .cannotFinish(operation: "op-1", .changed(bucket: 3, by: nil)),
            "nothing of op-1 can be completed now: bucket 3 was changed since by another program"
        ),
    ]

    @Test(arguments: errors)
    func `a request that is refused is told why in one sentence`(error: PlanError, sentence: String) {
        #expect(error.sentence == sentence)
    }

    @Test func `a journal has one word for each outcome, wherever it is read`() {
        let outcomes: [JournalEntry.Outcome] = [
            .running, .cutOff, .ended(.done), .ended(.partly), .ended(.failed), .ended(.resumed), .ended(.undone),
            .unknown("settled"),
        ]
        #expect(
            outcomes.map(\.word) == [
                "running", "cut off", "done", "partly", "failed", "resumed", "undone", "settled",
            ])
    }

    @Test func `a step of another version is shown as what it is, and not as a claim`() {
        let step = JournalStep(
            position: 0, node: "a", content: .unknown(purpose: "install", part: "member", request: "{}"))
        let words = "1. never sent: a does what another version of this program knows: install, member"
        #expect(step.sentence == words)
    }
}
