import Canvas
import ClusterModel
import Console
import NcursesTerminal
import NodeDriver
import NodeLinks
import Planning
import SimulatedNodes
import Wording

extension FuzzTarget {
    /// What a terminal sends: bytes become events, events messages, messages change the console.
    ///
    /// Plans that are asked for are made, and a locked console carries none out. The first byte chooses the lock and the size.
    static let keys = FuzzTarget("keys", "a terminal's bytes to a console") { bytes in
        guard let first = bytes.first else { return }
        var typist = Typist(first)
        typist.type(bytes.dropFirst())
    }
}

/// A console before a cluster of two nodes, and somebody who types.
private struct Typist {
    private var state: ConsoleState
    private let size: Size
    private let isLocked: Bool
    private let snapshot: ClusterSnapshot
    private var decoder = InputDecoder()

    init(_ first: UInt8) {
        isLocked = first & 1 == 1
        let sizes = [(80, 24), (120, 40), (40, 10), (20, 5), (1, 1), (200, 60), (80, 3), (3, 24)]
        let (columns, rows) = sizes[Int(first >> 1) % sizes.count]
        size = Size(columns: columns, rows: rows)
        var observation = ClusterObservation(name: "web", address: Fixtures.address, nodes: ["node1", "node2"])
        for (index, buckets) in [BucketSet(1...8), BucketSet(8...15)].enumerated() {
            observation.take(Fixtures.driver(owning: buckets).registry.sample(), ofNode: index, now: 100)
            observation.take(state: .live, failure: nil, delay: 0.001, ofNode: index)
        }
        guard let snapshot = observation.snapshot(now: 100) else { preconditionFailure("no snapshot") }
        self.snapshot = snapshot
        state = ConsoleState(
            clusterName: "web", nodes: ["node1", "node2"], lock: isLocked ? .readOnly("fuzz") : .operate,
            themes: ["harbour", "paper"], theme: "harbour", size: size)
        _ = update(&state, .tick(now: 100))
        _ = update(&state, .snapshot(snapshot))
    }

    /// Types bytes, some at a time, as a terminal brings them, and draws after each.
    mutating func type(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let length = rest.popFirst() {
            let part = rest.prefix(Int(length % 64) + 1)
            rest = rest.dropFirst(part.count)
            var events = decoder.decode(part)
            if decoder.isWaiting, length > 127 { events += decoder.expire() }
            for event in events { take(event) }
            draw()
        }
    }

    private mutating func take(_ event: TerminalEvent) {
        let message: Message? =
            switch event {
            case .key(let key): .key(key)
            case .paste(let text): .paste(text)
            case .resized(let size): .resized(size)
            case .mouse(let event): .mouse(event)
            case .answered, .closed: nil
            }
        guard let message else { return }
        for effect in update(&state, message) { perform(effect) }
    }

    private mutating func perform(_ effect: Effect) {
        switch effect {
        case .plan(let request):
            do throws(PlanError) {
                let plan = try Planner(snapshot: snapshot, operation: "op-1").plan(request)
                _ = update(&state, .planReady(plan))
            } catch { _ = update(&state, .planRefused(error.sentence)) }
        case .execute: require(!isLocked, "a locked console carries a plan out")
        default: break
        }
    }

    private func draw() {
        for glyphs in [GlyphSet.unicode, .ascii] {
            let (canvas, cursor) = render(state, size: size, glyphs: glyphs)
            require(canvas.size == size, "a picture of another size")
            if let cursor { require(Rect(size).contains(cursor), "a cursor beside the screen") }
            requireSafe(canvas.picture())
        }
    }
}
