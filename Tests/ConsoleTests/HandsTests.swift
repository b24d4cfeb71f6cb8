import Canvas
import ClusterModel
import Planning
import Testing

@testable import Console

@Suite struct HandsTests {
    @Test(
        arguments: [
            ("mo", "move"), ("tkov", "takeover"), ("drn", "drain"), ("fairly", "rebalance"), ("take", "takeover"),
            ("unl", "unlock"),
        ])
    func `a command is found by its letters, and by what it does`(text: String, first: String) {
        #expect(CommandLine.palette(text, console: Fixture.console()).first?.line == first)
    }

    @Test func `Tab goes round what a text may become, and a word behind it`() {
        var state = Fixture.console()
        _ = state.type(": mo Tab")
        #expect(state.prompt?.text == "move")
        _ = state.type("Tab")
        #expect(state.prompt?.text == "mouse")
        _ = state.type("Shift-Tab")
        #expect(state.prompt?.text == "move")
        _ = state.type("Ctrl-U drain Space Tab Tab")
        #expect(state.prompt?.text == "drain node2")
        #expect(state.type("Space immediate Enter") == [.plan(.drain("node2", mode: .immediate))])
    }

    @Test func `Up brings the lines of before`() {
        var state = Fixture.console()
        _ = state.type(": freeze Enter : now Enter : Up")
        #expect(state.prompt?.text == "now")
        _ = state.type("Up")
        #expect(state.prompt?.text == "freeze")
        _ = state.type("Down Down")
        #expect(state.prompt?.text == "")
    }

    @Test func `a command that is not possible says why before it is tried`() {
        let rows = CommandLine.palette("exec", console: Fixture.console())
        #expect(rows.first?.line == "execute" && rows.first?.obstacle?.contains("there is no plan yet") == true)
        var state = Fixture.console(nil)
        _ = state.type(": drain")
        #expect(state.picture().contains("not now: no node was heard yet"))
    }

    @Test func `an unknown word is answered with a near one`() {
        var state = Fixture.console()
        _ = state.type(": tkov Enter")
        #expect(state.notice?.text.text == "there is no command \"tkov\": do you mean :takeover?")
    }

    @Test func `unlocking by a key ends by itself`() {
        var state = Fixture.console()
        _ = state.type("U")
        #expect(state.lock == .operate && state.picture().contains("OPERATE 10:00"))
        _ = update(&state, .tick(now: 400))
        #expect(state.picture().contains("OPERATE 5:00"))
        _ = update(&state, .tick(now: 701))
        #expect(state.lock == .locked)
        _ = state.type("U U")
        #expect(state.lock == .locked)
        _ = state.type(": unlock Enter")
        _ = update(&state, .tick(now: 9999))
        #expect(state.lock == .operate, "what was typed stays")
    }

    @Test(arguments: ["1", "5", "6", "7"])
    func `a filter works alike on every list, while it is typed`(screen: String) throws {
        var state = Fixture.console(Fixture.trouble())
        _ = update(&state, .journal([.example(.ended(.done), "drain node4"), .example(.running, "move 1 to node2")]))
        _ = state.type("\(screen) / node4")
        let list = try #require(state.screens[state.screen] as? any FilteredScreen)
        #expect(list.filter == "node4")
        let few = list.filterRemark(state)
        _ = state.type("Enter Esc")
        let all = (state.screens[state.screen] as? any FilteredScreen)?.filterRemark(state)
        #expect(few != all)
        _ = state.type("/ !node4 Enter")
        #expect((state.screens[state.screen] as? any FilteredScreen)?.filterRemark(state) != all)
    }

    /// Undo is offered for what can be taken back, and for nothing else.
    @Test func `undo is not offered where it would be refused`() {
        var state = Fixture.console(lock: .operate)
        _ = update(&state, .journal([.example(.ended(.done))]))
        _ = state.type("5")
        #expect(state.undoObstacle != nil, "the buckets are not where the plan put them")
        _ = update(&state, .snapshot(Fixture.cluster(holding: Fixture.plan().after)))
        #expect(state.undoObstacle == nil)
        #expect(state.type("u") == [.recover(.undo(Fixture.plan()))])
    }

    @Test func `every sign that a screen draws is explained in the help`() {
        let glyphs = GlyphSet.unicode
        let explained = Set(SignWord.all.map { $0.glyph(glyphs) })
        for sign in [
            glyphs.ok, glyphs.warn, glyphs.error, glyphs.pending, glyphs.unknown, glyphs.owned, glyphs.draining,
            glyphs.adopted, glyphs.orphan, glyphs.conflict, glyphs.empty, glyphs.check, glyphs.marker,
        ] {
            #expect(explained.contains(sign), "\(sign)")
        }
    }
}

@Suite struct MouseTests {
    private static func place(of text: String, in state: ConsoleState) -> Point? {
        for (row, line) in state.picture().split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let range = line.firstRange(of: text) {
                return Point(column: line.distance(from: line.startIndex, to: range.lowerBound), row: row)
            }
        }
        return nil
    }

    private static func click(_ text: String, _ state: inout ConsoleState, _ action: MouseEvent.Action = .left) throws
        -> [Effect]
    {
        let point = try #require(place(of: text, in: state))
        return update(&state, .mouse(MouseEvent(action, at: point)))
    }

    @Test func `tabs, rows, headings and the footer can be clicked`() throws {
        var state = Fixture.console()
        _ = try Self.click("node2", &state)
        #expect(state.selection.node == "node2")
        _ = try Self.click("PPS", &state)
        #expect(state.nodes.order.name == "pps")
        _ = try Self.click("Buckets", &state)
        #expect(state.screen == .buckets)
        _ = try Self.click("freeze", &state)
        #expect(state.isFrozen)
        _ = try Self.click("Nodes", &state)
        _ = try Self.click("node2", &state)
        _ = try Self.click("node2", &state)
        #expect(state.screen == .buckets && state.buckets.filter == "owner=node2", "a second click is Enter")
    }

    @Test func `a bucket is selected by a click, marked by the right button, and the wheel moves`() throws {
        var state = Fixture.console()
        _ = state.type("2")
        _ = try Self.click(" 11 ", &state)
        #expect(state.buckets.selected == 11)
        _ = try Self.click(" 14 ", &state, .right)
        #expect(state.marks == [14])
        _ = state.type("1")
        _ = update(&state, .mouse(MouseEvent(.wheelDown, at: Point(column: 3, row: 3))))
        #expect(state.selection.node == "node3")
    }

    @Test func `a click into a graph looks at its time`() throws {
        var state = Fixture.console(size: Size(columns: 200, rows: 60))
        state.live(until: 160)
        let point = try #require(Self.place(of: "00:02:10", in: state))
        _ = update(&state, .mouse(MouseEvent(.left, at: Point(column: point.column - 1, row: point.row - 2))))
        #expect(state.view.cursor == 130)
    }

    @Test func `no click executes, changes a lock, or reaches behind a prompt`() {
        var random = SystemRandomNumberGenerator()
        var state = Fixture.console(lock: .locked)
        for _ in 0..<400 {
            let point = Point(column: .random(in: -2...90, using: &random), row: .random(in: -2...30, using: &random))
            let effects = update(&state, .mouse(MouseEvent(.left, at: point)))
            #expect(!effects.contains { if case .execute = $0 { true } else { false } })
            #expect(state.lock == .locked)
        }
        state = Fixture.console()
        _ = state.type(": mo")
        _ = update(&state, .mouse(MouseEvent(.left, at: Point(column: 20, row: 2))))
        #expect(state.screen == .nodes && state.prompt?.text == "mo")
    }

    @Test func `the mouse can be left to the terminal`() {
        var state = Fixture.console()
        #expect(state.type(": mouse Enter") == [.setMouse(false)])
        #expect(state.type(": mouse Enter") == [.setMouse(true)])
    }
}
