import Canvas
import ClusterModel
import Planning
import Testing

@testable import Console

@Suite struct PaneTests {
    private static func wall() -> ConsoleState {
        var state = Fixture.console(size: Size(columns: 200, rows: 60))
        state.live(until: 170)
        return state
    }

    private static func panes(_ state: ConsoleState) -> [PaneID] {
        painted(state, size: state.size, glyphs: .unicode, collectsTargets: true).panes
    }

    @Test func `panes get what they need, then what they want, then what is left`() {
        let needs = [
            PaneHeight(least: 3, wanted: 5), PaneHeight(least: 2, wanted: 4, weight: 2),
            PaneHeight(least: 2, wanted: 2, weight: 1),
        ]
        #expect(PaneBoard.dealt(needs, rows: 7) == [3, 2, 2])
        #expect(PaneBoard.dealt(needs, rows: 10) == [5, 3, 2])
        #expect(PaneBoard.dealt(needs, rows: 20) == [5, 10, 5])
        #expect(PaneBoard.dealt([], rows: 20) == [])
    }

    @Test func `panes never overlap and never leave their room`() {
        let rooms = [(200, 60), (120, 20), (58, 9), (30, 4), (300, 80), (7, 1)]
        for (columns, rows) in rooms {
            let room = Rect(column: 3, row: 2, columns: columns, rows: rows)
            var settings = PaneSettings()
            settings.resize(.timeline, by: 9)
            settings.resize(.graph, by: -9)
            let board = PaneBoard(dealing: PaneID.allCases, in: room, settings: settings)
            let placed = board.placed(in: room) { _, _ in PaneHeight(least: 3, wanted: 8, weight: 1) }
            for (index, pane) in placed.enumerated() {
                #expect(pane.rect.intersection(room) == pane.rect)
                for other in placed[(index + 1)...] { #expect(pane.rect.intersection(other.rect).isEmpty) }
            }
        }
    }

    @Test func `a pane is chosen, enlarged, made higher and hidden, and that is remembered`() {
        var state = Self.wall()
        let all = Self.panes(state)
        #expect(Set(all) == Set(PaneID.allCases))
        _ = state.type("o")
        #expect(state.panes.focus == all.first)
        _ = state.type("+")
        #expect(Self.panes(state) == [all[0]])
        _ = state.type("o")
        #expect(state.panes.alone != nil && state.panes.alone != all[0])
        _ = state.type("Esc Esc")
        #expect(state.panes.focus == nil && Self.panes(state) == all)
        state.panes.focus = .timeline
        let effects = state.type("}")
        #expect(state.panes.settings.rows == [.timeline: 2] && effects == [.remember(state.panes.settings)])
        #expect(state.type("_") == [.remember(state.panes.settings)])
        #expect(!Self.panes(state).contains(.timeline))
        let again = PaneSettings(text: state.panes.settings.text)
        #expect(again == state.panes.settings && !again.text.isEmpty)
        _ = state.type(": pane Space timeline Enter")
        #expect(Self.panes(state).contains(.timeline))
        #expect(state.type(": pane Space all Enter") == [.remember(PaneSettings())])
    }

    @Test(arguments: [
        "", "hide nothing\nrows map x\nrows map 999999999999\n\u{0}", "hide map map map\nrows findings -4",
    ])
    func `what cannot be read of remembered panes is left out`(text: String) {
        let settings = PaneSettings(text: text)
        #expect(PaneSettings(text: settings.text) == settings)
        #expect(settings.rows.values.allSatisfy { abs($0) <= 60 })
    }

    @Test func `a small screen shows panes one at a time`() {
        var state = Fixture.console(size: Size(columns: 80, rows: 24))
        _ = state.type("o +")
        #expect(Self.panes(state) == [.graph])
        _ = state.type("o o")
        #expect(Self.panes(state) == [.map])
        #expect(state.picture().contains("Buckets 1 to 16"))
        _ = state.type("2")
        #expect(state.panes.alone == nil, "another screen is shown whole")
    }

    /// How much of a screen is nothing: blocks of twelve columns and three rows in which no character stands, no colour lies
    /// and no graph is drawn.
    private static func emptiness(_ state: ConsoleState) -> Double {
        let painter = painted(state, size: state.size, glyphs: .unicode, collectsTargets: true)
        let graphs = painter.targets.compactMap { if case .time = $0.target { $0.rect } else { nil } }
        var (empty, all) = (0, 0)
        for row in stride(from: 0, through: state.size.rows - 3, by: 3) {
            for column in stride(from: 0, through: state.size.columns - 12, by: 12) {
                let block = Rect(column: column, row: row, columns: 12, rows: 3)
                let cells = (0..<36).compactMap { painter.canvas[Point(column: column + $0 % 12, row: row + $0 / 12)] }
                let isBlank = cells.allSatisfy { $0.scalar == 0x20 && $0.style.surface == .background }
                all += 1
                if isBlank, graphs.allSatisfy({ $0.intersection(block).isEmpty }) { empty += 1 }
            }
        }
        return Double(empty) / Double(all)
    }

    @Test(
        arguments: ["1", "2", "2 v", "2 v v", "3 i 10.9.1.2:4242 Enter", "5", "6", "7", "8"], [(200, 60), (300, 80)])
    func `a large terminal shows more, and not more space`(keys: String, size: (Int, Int)) {
        var state = Fixture.console(size: Size(columns: size.0, rows: size.1))
        state.live(until: 400)
        _ = update(&state, .journal([.example(.ended(.done))]))
        _ = state.type(keys)
        let share = Self.emptiness(state)
        #expect(share <= 0.2, "\(keys) at \(size): \(share)")
    }
}
