import Canvas

/// A screen that is a list with one row selected.
protocol ListScreen: Screen {
    /// The selected row, and the first one that can be seen.
    var cursor: ListCursor { get set }
    /// How many rows there are.
    func count(_ console: ConsoleState) -> Int
}

extension ListScreen {
    var selectedRow: Int? { cursor.row }

    mutating func select(row: Int, _ console: ConsoleState) {
        cursor.row = min(max(row, 0), max(count(console) - 1, 0))
    }

    mutating func travel(_ step: Travel, _ console: ConsoleState) {
        let page = max(FrameLayout(console.size).body.rows / 2, 1)
        cursor.row = ListCursor.moved(cursor.row, step, count: count(console), page: page)
    }
}

/// A place in a list: the row that is selected, and the first row that is visible.
struct ListCursor: Hashable, Sendable {
    /// The selected row.
    var row = 0
    /// The first visible row.
    var top = 0

    /// Brings the cursor into a list of `count` rows of which `visible` can be seen, and the row into view.
    mutating func clamp(count: Int, visible: Int) {
        row = min(max(row, 0), max(count - 1, 0))
        let visible = max(visible, 1)
        top = min(max(top, row - visible + 1), row)
        top = min(top, max(count - visible, 0))
        top = max(top, 0)
    }

    /// The row that a step leads to.
    static func moved(_ row: Int, _ step: Travel, count: Int, page: Int) -> Int {
        let target =
            switch step {
            case .up: row - 1
            case .down: row + 1
            case .pageUp: row - page
            case .pageDown: row + page
            case .top: 0
            case .bottom: count - 1
            case .left, .right: row
            }
        return min(max(target, 0), max(count - 1, 0))
    }
}

extension Painter {
    /// Rows with a selected one, each on as many lines as it takes, and the details of the selected one below; what
    /// remains.
    @discardableResult
    mutating func list(
        _ count: Int, _ selected: ListCursor, _ details: [Line], in rect: Rect, row: (Int) -> Line
    ) -> Rect {
        let kept = rect.rows >= 10 && !details.isEmpty ? min(max(details.count + 1, 6), rect.rows / 2) : 0
        let room = rect.rows - kept
        let columns = rect.columns - 3
        let place = min(max(selected.row, 0), max(count - 1, 0))
        let rows = ListRows(count: count, selected: place, room: room) { row($0).wrapped(columns: columns) }
        var rest = rect
        for (index, lines) in rows.shown {
            let (area, below) = rest.splitTop(min(lines.count, room))
            rest = below
            target(area, .row(index))
            if index == place { canvas.fill(area, Style(.text, surface: .selection)) }
            self.lines(lines, in: Rect(column: area.column + 2, row: area.row, columns: columns, rows: area.rows))
            if index == place { select(area) }
        }
        guard kept > 0 else { return rest.splitTop(1).rest }
        let (detail, below) = rest.splitTop(1).rest.splitTop(details.count + 1)
        rule(detail.line(0), title: "Details", isFocus: false)
        lines(details, in: detail.splitTop(1).rest.inset(1, 0))
        return below.splitTop(1).rest
    }
}

/// The rows of a list that are shown: as many as have room, the selected one among them.
struct ListRows {
    /// Each with its place and its lines.
    private(set) var shown: [(index: Int, lines: [Line])] = []

    init(count: Int, selected: Int, room: Int, lines: (Int) -> [Line]) {
        guard count > 0, room > 0 else { return }
        shown = [(selected, lines(selected))]
        var used = shown[0].lines.count
        var first = selected
        while first > 0, used < room {
            let above = lines(first - 1)
            guard used + above.count <= room else { break }
            first -= 1
            used += above.count
            shown.append((first, above))
        }
        shown.reverse()
        for index in selected + 1..<max(count, selected + 1) {
            let below = used < room ? lines(index) : []
            guard !below.isEmpty, used + below.count <= room else { break }
            used += below.count
            shown.append((index, below))
        }
    }
}
