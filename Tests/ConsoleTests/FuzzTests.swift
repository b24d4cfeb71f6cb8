import Canvas
import ClusterModel
import Planning
import Responsibility
import TestSupport
import Testing

@testable import Console

private let keys: [Key] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ /:?!<>=,.-é漢\u{1f600}".map(Key.character) + [
        .enter, .escape, .tab, .backTab, .backspace, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
        .insert,
        .delete, .function(1), .function(9), .ctrl("c"), .ctrl("l"), .ctrl("z"), .ctrl("u"), .ctrl("w"), .ctrl("p"),
        .alt("x"),
    ]

private let pastes = [
    "Y", "\u{1b}[31mred\r\n", "move 1-3 node2", ":", "10.9.1.2:4242", "owner=node1", "\u{202e}", "3,7-9",
]

/// Any snapshot that a hostile or broken cluster might bring.
private func snapshot(_ random: inout SplitMix) -> ClusterSnapshot {
    let total = [0, 1, 2, 16, 17, 64, 300, 1024].randomElement(using: &random) ?? 16
    var nodes = (0..<Int.random(in: 0...9, using: &random)).map { index -> NodeStatus in
        var ownership = Ownership()
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            let state = (BucketState.allCases + [nil]).randomElement(using: &random) ?? nil
            ownership.set(Int.random(in: 1...(total + 40), using: &random), to: state)
        }
        var node = Fixture.node(
            index, ownership: ownership, buckets: max(total - Int.random(in: 0...1, using: &random), 0))
        node.state = NodeState.allCases.randomElement(using: &random) ?? .live
        node.name =
            ["node\(index)", "", "n\u{1b}[2J", "a-very-long-name-of-a-node-that-fits-nowhere", "漢字"].randomElement(
                using: &random) ?? ""
        node.age = [nil, 0, -1, .infinity, .nan, 1e300, 7].randomElement(using: &random) ?? nil
        node.linkDelay = [nil, .nan, -5, 1e20].randomElement(using: &random) ?? nil
        node.sample?.connections = [nil, -1, .max, .min].randomElement(using: &random) ?? nil
        if Bool.random(using: &random) { node.sample = nil }
        if Bool.random(using: &random) { node.rates = [] }
        if let last = node.rates.indices.last {
            let rate = [Double.nan, .infinity, -1, 1e300].randomElement(using: &random) ?? 0
            node.rates[last].accepted = Rate(packetsPerSecond: rate, bitsPerSecond: rate)
        }
        return node
    }
    nodes.shuffle(using: &random)
    var configuration = Fixture.configuration(buckets: total)
    configuration.name = ["demo", "", "c\u{9b}31m"].randomElement(using: &random) ?? ""
    let findings = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        Finding(
            .coverage(.conflict(owners: ["", "e\u{7}"])), buckets: [1, 99_999],
            remedy: .command(["r r", "\u{9b}", "r"], on: ""))
    }
    return ClusterSnapshot(configuration: configuration, nodes: nodes, findings: findings)
}

private func message(_ random: inout SplitMix) -> Message {
    switch Int.random(in: 0..<40, using: &random) {
    case 0: return .snapshot(snapshot(&random))
    case 1:
        let extent = [0, 1, 2, 3, 7, 20, 40, 80, 133, 200]
        return .resized(
            Size(columns: extent.randomElement(using: &random) ?? 0, rows: extent.randomElement(using: &random) ?? 0))
    case 2: return .tick(now: [Double.nan, 0, 1e9, -4, 12].randomElement(using: &random) ?? 0)
    case 3: return .planReady(Fixture.plan())
    case 4: return .planRefused("no")
    case 5:
        let steps = Fixture.plan().steps.map(\.id) + [.giveBack("node1", from: "node9")]
        return .planProgress(step: steps.randomElement(using: &random) ?? steps[0], .refused(.stopped))
    case 6: return .planFinished(Bool.random(using: &random) ? .stopped("why") : .completed(after: [:]))
    case 7: return .paste(pastes.randomElement(using: &random) ?? "")
    case 8: return .journal([.example(.ended(.failed), "x")])
    case 9:
        let flow = Flow(transport: .udp, source: IPAddress(0, 0, 0, 1), destination: IPAddress(0, 0, 0, 2))
        return .connections(flow, [FlowConnection(node: "n", text: "t", isKnown: true)])
    case 10: return .interrupted
    case 11:
        return .planWaiting(
            [nil, .connections(600), .finalizing(.infinity)].randomElement(using: &random) ?? nil,
            left: ["node1": [1: 3, 70_000: 1]])
    default: return .key(keys.randomElement(using: &random) ?? .enter)
    }
}

@Test(arguments: 0..<40 as Range<UInt64>)
func nothingTrapsAndALockedConsoleChangesNothing(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let lock: Lock = seed % 2 == 0 ? .readOnly("fuzz") : .operate
    var state = Fixture.console(nil, lock: lock)
    for _ in 0..<500 {
        let effects = update(&state, message(&random))
        for effect in effects {
            if case .execute = effect { #expect(state.lock == .operate) }
            // Requests are granted at once, so that the walk reaches plans that can be executed.
            guard case .plan(let request) = effect, let snapshot = state.newest else { continue }
            let planner = Planner(snapshot: snapshot, operation: "op-1")
            guard let plan = try? planner.plan(request) else { continue }
            _ = update(&state, .planReady(plan))
        }
        let glyphs: GlyphSet = Bool.random(using: &random) ? .ascii : .unicode
        let (canvas, cursor) = render(state, size: state.size, glyphs: glyphs)
        #expect(canvas.size == state.size)
        if let cursor { #expect(Rect(state.size).contains(cursor)) }
    }
}

@Test func everyScreenIsDrawnAtEverySmallSize() {
    for screen in allScreens {
        var state = Fixture.console(Fixture.trouble())
        _ = state.open(screen.id)
        for columns in 0...90 {
            for rows in [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 20, 30] {
                let size = Size(columns: columns, rows: rows)
                #expect(render(state, size: size, glyphs: .unicode).0.size == size)
            }
        }
    }
}
