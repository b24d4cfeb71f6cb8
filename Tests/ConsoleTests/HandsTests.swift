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

    /// The keys that lead from the start to a plan that is carried out, without the words that must be typed.
    @Test func `the urgent things are few keys away`() {
        var state = Fixture.console(lock: .operate)
        let move = "Down m 7 Enter"
        #expect(state.type(move) == [.plan(.move([7], to: "node2", mode: .graceful))])
        _ = update(&state, .planReady(Self.plan([7], "node2")))
        let yes = "Y Enter"
        #expect(state.type(yes).count == 1)
        #expect((move + " " + yes).split(separator: " ").count <= 10)

        state = Fixture.console(Self.dead(), lock: .operate)
        #expect(state.type("t") == [.plan(.takeOver("node3", to: nil))], "the only node that is not heard is meant")
        state = Fixture.console(Fixture.cluster(), lock: .operate)
        #expect(state.type("t") == [.plan(.takeOver("node1", to: nil))], "where all are heard, the selected one")
    }

    private static func plan(_ buckets: BucketSet, _ node: String) -> Plan {
        do {
            return try Planner(snapshot: Fixture.cluster(), operation: "op-1").plan(
                .move(buckets, to: node, mode: .graceful))
        } catch { preconditionFailure("\(error)") }
    }

    private static func dead() -> ClusterSnapshot {
        var nodes = Fixture.cluster().nodes
        nodes[2].state = .unreachable
        return ClusterSnapshot(configuration: Fixture.configuration(buckets: 16), nodes: nodes)
    }

    @Test func `typed buckets that mean nothing stay to be mended`() {
        var state = Fixture.console()
        #expect(state.type("m 99 Enter") == [])
        #expect(state.prompt?.text == "99" && state.notice?.text.kind == .failure)
    }

    @Test func `copying says what was copied`() {
        var state = Fixture.console()
        #expect(state.type("y") == [.copy("node1 live owned 1,4,7,10,13,16")])
        #expect(state.notice?.text.text == "copied: node1 live owned 1,4,7,10,13,16")
    }

    @Test func `a theme is looked at before it is taken, and Esc brings the old one back`() {
        var state = Fixture.console()
        #expect(state.type("T") == [.setTheme("paper")])
        _ = update(&state, .themeChanged("paper"))
        #expect(state.picture().contains("▸ paper"))
        #expect(state.type("Esc") == [.setTheme("harbour")])
        _ = update(&state, .themeChanged("harbour"))
        _ = state.type("T")
        _ = update(&state, .themeChanged("paper"))
        #expect(state.type("Enter") == [] && state.overlay == nil)
        #expect(state.notice?.text.text.hasPrefix("the theme is paper") == true)
    }

    @Test func `the help is searched as lists are filtered`() {
        var state = Fixture.console()
        _ = state.type("? / dead Enter")
        let picture = state.picture()
        #expect(picture.contains("takes all of a dead node's bucket") && !picture.contains("Order the nodes"))
        _ = state.type("Esc")
        #expect(state.overlay != nil && state.picture().contains("Order the nodes"))
        _ = state.type("Esc")
        #expect(state.overlay == nil)
    }

    @Test func `a slash where nothing can be filtered says so`() {
        var state = Fixture.console()
        _ = state.type("3 /")
        #expect(state.prompt == nil && state.notice?.text.text == "this screen has no rows to filter")
    }

    @Test func `keys can be chosen, and a chosen key is taken from what had it`() {
        var problems: [String] = []
        let keys = KeyMap(
            [
                .init(command: "refresh", keys: [.function(5), .character("f")]), .init(command: "takeover", keys: []),
                .init(command: "nonsense", keys: [.character("n")]), .init(command: "freeze", keys: [.character("f")]),
            ], problems: &problems)
        #expect(problems.count == 2 && problems[0].contains("nonsense") && problems[1].contains("f is chosen for"))
        #expect(keys.command(for: .function(5), on: .nodes)?.name == "refresh")
        #expect(keys.command(for: .character("r"), on: .nodes) == nil)
        #expect(keys.command(for: .character("t"), on: .nodes) == nil)
        #expect(keys.command(for: .character("t"), on: .plan)?.name == "then", "only of the named command")
        var state = ConsoleState(
            clusterName: "demo", nodes: [],
            keys: KeyMap([.init(command: "help", keys: [.character("H")])], problems: &problems))
        _ = state.type("H")
        #expect(state.overlay != nil)
    }

    @Test(arguments: ["q", "?", "Space", "Ctrl-P", "Alt-x", "F5", "PgUp", "Shift-Tab", "é"])
    func `a key is read as it is written`(label: String) {
        #expect(Key(label: label)?.label == label)
    }

    @Test(arguments: ["", "F99", "Ctrl-", "two words", "Strg-P"])
    func `what is no key is none`(label: String) {
        #expect(Key(label: label) == nil)
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

    @Test func `a drag over buckets marks them`() throws {
        var state = Fixture.console()
        _ = state.type("2 Space")
        #expect(state.marks == [1])
        _ = try Self.click(" 11 ", &state)
        _ = try Self.click(" 14 ", &state, .drag)
        #expect(state.marks == [1, 11, 12, 13, 14])
        _ = try Self.click(" 13 ", &state, .drag)
        #expect(state.marks == [1, 11, 12, 13], "the way back takes marks away again")
        _ = update(&state, .mouse(MouseEvent(.release, at: Point(column: 0, row: 0))))
        _ = try Self.click(" 16 ", &state, .drag)
        #expect(state.marks == [1, 11, 12, 13] && state.picture().contains("4 buckets marked"))
    }

    @Test func `a click into a graph looks at its time`() throws {
        var state = Fixture.console(size: Size(columns: 200, rows: 60))
        state.live(until: 160)
        let point = try #require(Self.place(of: "00:02:12", in: state))
        _ = update(&state, .mouse(MouseEvent(.left, at: Point(column: point.column - 1, row: point.row - 2))))
        #expect(state.view.cursor == 132)
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
