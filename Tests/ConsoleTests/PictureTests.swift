import Canvas
import ClusterModel
import Planning
import Testing

@testable import Console

/// What a screen is shown in.
private struct Scene: Sendable, CustomStringConvertible {
    var name: String
    var keys: String = ""
    var snapshot: @Sendable () -> ClusterSnapshot? = { Fixture.cluster() }
    var lock: Lock = .locked
    var after: @Sendable (inout ConsoleState) -> Void = { _ in }

    var description: String { name }

    func picture(_ columns: Int, _ rows: Int, _ glyphs: GlyphSet) -> String {
        var state = Fixture.console(snapshot(), size: Size(columns: columns, rows: rows), lock: lock)
        _ = state.type(keys)
        after(&state)
        let picture = state.picture(glyphs)
        return showsTabs ? picture : Self.withoutTabs(picture, state.size)
    }

    /// The tabs stand in the pictures of Nodes alone, so that a new screen changes no picture of another.
    private var showsTabs: Bool { name == "nodes" }

    private static func withoutTabs(_ picture: String, _ size: Size) -> String {
        var rows = picture.split(separator: "\n", omittingEmptySubsequences: false)
        let tabs = FrameLayout(size).tabs.row
        if rows.indices.contains(tabs) { rows[tabs] = "" }
        return rows.joined(separator: "\n")
    }
}

private let scenes: [Scene] = [
    Scene(name: "nodes"),
    Scene(name: "nodes-connecting", snapshot: { nil }),
    Scene(name: "nodes-trouble", snapshot: { Fixture.trouble() }),
    Scene(name: "buckets", keys: "2 Space Right"),
    Scene(name: "buckets-trouble", keys: "2 Right Right", snapshot: { Fixture.trouble() }),
    Scene(name: "buckets-1024", keys: "2", snapshot: { Fixture.cluster(nodes: 8, buckets: 1024) }),
    Scene(name: "buckets-65536", keys: "2 End", snapshot: { Fixture.cluster(nodes: 3, buckets: 65_536) }),
    Scene(name: "flow-empty", keys: "3"),
    Scene(name: "flow", keys: "3 i 10.9.1.2:4242"),
    Scene(name: "plan-form", keys: "2 Space Space m"),
    Scene(
        name: "plan-ready", keys: ": move Space 1,4,7 Space node2 Enter", lock: .operate,
        after: { _ = update(&$0, .planReady(Fixture.plan())) }),
    Scene(
        name: "plan-stale", keys: ": move Space 1,4,7 Space node2 Enter", lock: .operate,
        after: {
            _ = update(&$0, .planReady(Fixture.plan()))
            _ = update(&$0, .snapshot(Fixture.overtaken()))
        }),
    Scene(
        name: "plan-refused", keys: ": move Space 1,4,7 Space node2 Enter", lock: .operate,
        after: {
            _ = update(
                &$0,
                .planRefused(
                    "bucket 1 is answered by node1 and node3 after somebody changed both by hand: repair that first"))
        }),
    Scene(
        name: "plan-risky", keys: ": move Space 1,4,7 Space node2 Space immediate Enter", lock: .operate,
        after: { _ = update(&$0, .planReady(Fixture.plan(mode: .immediate))) }),
    Scene(
        name: "plan-running", keys: ": move Space 1,4,7 Space node2 Enter", lock: .operate,
        after: {
            _ = update(&$0, .planReady(Fixture.plan()))
            _ = $0.type("Y Enter")
            _ = update(&$0, .planProgress(step: .release("node1"), .done))
            _ = update(&$0, .planProgress(step: .claim("node2", from: "node1"), .running(attempt: 1)))
        }),
    Scene(
        name: "plan-done", keys: ": move Space 1,4,7 Space node2 Enter", lock: .operate,
        after: {
            _ = update(&$0, .planReady(Fixture.plan()))
            _ = $0.type("Y Enter")
            for step in Fixture.plan().steps { _ = update(&$0, .planProgress(step: step.id, .done)) }
            _ = update(&$0, .planFinished(.completed()))
        }),
    Scene(
        name: "plan-waiting", keys: ": move Space 1,4,7 Space node2 Enter", lock: .operate,
        after: {
            _ = update(&$0, .planReady(Fixture.plan()))
            _ = $0.type("w w Y Enter")
            for step in Fixture.plan().steps { _ = update(&$0, .planProgress(step: step.id, .done)) }
            _ = update(&$0, .planWaiting(.connections(600), left: ["node1": [1: 30, 4: 9, 7: 1]]))
            _ = update(&$0, .planWaiting(.connections(600), left: ["node1": [1: 9, 4: 1]]))
            _ = update(&$0, .tick(now: 119))
        }),
    Scene(
        name: "plan-stopped", keys: ": move Space 1,4,7 Space node2 Enter", lock: .operate,
        after: {
            _ = update(&$0, .planReady(Fixture.plan()))
            _ = $0.type("Y Enter x")
            _ = update(
                &$0, .planFinished(.stopped("node1: the agent did not answer in time; see where each bucket is now")))
        }),
    Scene(
        name: "journal", keys: "5",
        after: {
            let steps = Fixture.plan().steps.enumerated().map { position, step in
                JournalStep(position: position, step, step.role == .claim ? .running(attempt: 1) : .done)
            }
            let entries: [JournalEntry] = [
                .example(.cutOff, "drain node3", at: "2026-11-22T14:11:40.120Z", steps: steps),
                .example(.ended(.done)),
                .example(.ended(.failed), "move 3 to node9", at: "2026-11-22T13:58:02.000Z"),
            ]
            _ = update(&$0, .journal(entries))
        }),
    Scene(name: "findings", keys: "6 Down", snapshot: { Fixture.trouble() }),
    Scene(
        name: "timeline", keys: "7 Down",
        after: { state in
            _ = update(&state, .tick(now: 130))
            _ = update(&state, .snapshot(Fixture.trouble()))
        }),
    Scene(
        name: "clusters", keys: "8",
        after: { state in
            var other = Fixture.console(Fixture.trouble())
            other.live(until: 130)
            state.live(until: 150)
            _ = update(&state, .clusters([state.summary, other.summary], front: 0))
        }),
    Scene(name: "waterfall", keys: "2 v", after: { $0.live(until: 160) }),
    Scene(name: "bucket-list", keys: "2 v v Down", after: { $0.live(until: 160) }),
    Scene(name: "help", keys: "?"),
    Scene(name: "palette", keys: ": mo"),
    Scene(name: "palette-all", keys: ": Tab Tab", lock: .operate),
    Scene(
        name: "plan-reason", keys: ": move Space 1,4,7 Space node2 Enter", lock: .operate,
        after: {
            _ = update(&$0, .planReady(Fixture.plan()))
            _ = $0.type("Y")
        }),
]

@Test(arguments: scenes, [(80, 24), (120, 36), (40, 10)])
private func screens(_ scene: Scene, size: (Int, Int)) {
    expectPicture("\(scene.name)-\(size.0)x\(size.1)", scene.picture(size.0, size.1, .unicode))
}

/// What a large terminal shows beside one node's facts.
private let walls: [Scene] = [
    Scene(name: "wall", after: { $0.live(until: 170) }),
    Scene(
        name: "wall-past",
        after: { state in
            state.live(until: 170)
            _ = state.type("< < < < < <")
        }),
    Scene(name: "wall-trouble", snapshot: { Fixture.trouble() }, after: { $0.live(until: 130) }),
    Scene(name: "wall-buckets", keys: "2", after: { $0.live(until: 170) }),
    Scene(
        name: "wall-4096", snapshot: { Fixture.cluster(nodes: 8, buckets: 4096) }, after: { $0.live(until: 110) }),
]

@Test(arguments: walls, [(200, 60), (300, 80)])
private func wallsOfScreens(_ scene: Scene, size: (Int, Int)) {
    expectPicture("\(scene.name)-\(size.0)x\(size.1)", scene.picture(size.0, size.1, .unicode))
}

@Test private func whatANodeDoesNotCountIsNotSaidToBeAcceptedByNobody() {
    func picture(_ counters: Set<Counter>) -> String {
        Scene(
            name: "uncounted",
            snapshot: {
                var snapshot = Fixture.trouble()
                snapshot.nodes[1].sample?.capabilities.counters = counters
                return snapshot
            }, after: { $0.live(until: 130) }
        ).picture(200, 60, .unicode)
    }
    #expect(picture([.arrived, .accepted]).contains("arrived, not seen accepted"))
    #expect(!picture([]).contains("arrived, not seen accepted"))
}

@Test(arguments: scenes)
private func screensInASCII(_ scene: Scene) {
    let picture = scene.picture(80, 24, .ascii)
    #expect(picture.utf8.allSatisfy { $0 < 128 }, "a glyph beyond ASCII in \(scene.name)")
    expectPicture("\(scene.name)-ascii", picture)
}
