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
    /// Rows with a selected one, and the details of it below.
    mutating func list(_ rows: [Line], _ selected: ListCursor, _ details: [Line], in rect: Rect) {
        let kept = rect.rows >= 10 && !details.isEmpty ? min(max(details.count + 1, 6), rect.rows / 2) : 0
        let (area, below) = rect.splitTop(min(max(rows.count, 1) + 1, rect.rows - kept))
        var cursor = selected
        cursor.clamp(count: rows.count, visible: area.rows)
        for (line, row) in rows.dropFirst(cursor.top).prefix(area.rows).enumerated() {
            let place = area.line(line)
            target(place, .row(cursor.top + line))
            let isSelected = cursor.top + line == cursor.row
            if isSelected { canvas.fill(place, Style(.text, surface: .selection)) }
            put(row, in: Rect(column: place.column + 2, row: place.row, columns: place.columns - 3, rows: 1))
            if isSelected { select(place) }
        }
        guard kept > 0 else { return }
        rule(below.line(0), title: "Details", isFocus: false)
        lines(details, in: below.splitTop(1).rest.inset(1, 0))
    }
}
