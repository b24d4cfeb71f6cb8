import Canvas

/// How the buckets are laid out: as large as they fit, and how many stand in a row.
struct BucketGrid: Hashable, Sendable {
    /// The four sizes of a bucket.
    enum Grade: Hashable, Sendable {
        /// Two lines: number and owner; rate and heat.
        case tile
        /// Number, owner and heat in one line.
        case cell
        /// Owner and heat.
        case pair
        /// The owner's letter alone.
        case letter
    }

    /// The size of a bucket.
    var grade: Grade
    /// Cells from one bucket to the next.
    var pitch: Int
    /// Rows from one row of buckets to the next.
    var rowHeight: Int
    /// Buckets in a row.
    var perRow: Int
    /// Columns on the left for the number of a row's first bucket; 0 where every bucket shows its number.
    var label: Int
    /// Where the grid is drawn.
    var area: Rect
    /// The heading above it.
    var heading: Rect
    /// The details of the selected bucket below it.
    var detail: Rect

    /// The layout of `count` buckets, with numbers up to `total`, in the body of the Buckets screen.
    init(count: Int, total: Int, body: Rect) {
        var rest: Rect
        (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        let kept = rest.rows >= 14 ? max(8, rest.rows / 3) : 0
        let room = Rect(column: rest.column + 1, row: rest.row, columns: rest.columns - 2, rows: rest.rows - kept)
        let digits = String(max(total, 1)).count
        let choices: [(Grade, Int, Int, Int)] = [
            (.tile, max(9, digits + 5), 3, 0), (.cell, digits + 5, 1, 0), (.pair, 3, 1, digits + 2),
            (.letter, 1, 1, digits + 2),
        ]
        var chosen = choices[3]
        for choice in choices {
            let perRow = Self.perRow(columns: room.columns - choice.3, pitch: choice.1)
            let rows = (count + perRow - 1) / perRow
            let height = rows * choice.2 - (choice.2 > 1 ? 1 : 0)
            if height <= room.rows, room.columns >= choice.1 {
                chosen = choice
                break
            }
        }
        (grade, pitch, rowHeight, label) = chosen
        if room.columns < label + 8 { label = 0 }
        perRow = Self.perRow(columns: room.columns - label, pitch: pitch)
        if grade == .tile { pitch = min(max(room.columns / max(min(perRow, count), 1), pitch), pitch + 6) }
        let rows = (max(count, 1) + perRow - 1) / perRow
        area = Rect(
            column: room.column, row: room.row, columns: room.columns,
            rows: min(rows * rowHeight - (rowHeight > 1 ? 1 : 0), room.rows))
        detail = rest.splitTop(area.rows + 1).rest
        if kept == 0 { detail = Rect(column: rest.column, row: rest.maxRow, columns: rest.columns, rows: 0) }
    }

    /// Rows of buckets that can be seen.
    var visibleRows: Int { max((area.rows + (rowHeight > 1 ? 1 : 0)) / rowHeight, 1) }

    /// The largest power of two that fits; at least 1.
    private static func perRow(columns: Int, pitch: Int) -> Int {
        var count = 1
        while count * 2 * pitch <= columns + (pitch > 1 ? 1 : 0), count < 256 { count *= 2 }
        return count
    }

    /// The first row to draw so that the selected place is visible.
    func top(from top: Int, place: Int, count: Int) -> Int {
        let row = place / perRow
        let rows = (count + perRow - 1) / perRow
        let top = min(max(top, row - visibleRows + 1), row)
        return max(min(top, rows - visibleRows), 0)
    }

    /// The place that a step leads to; a step up or down from the edge stays where it is.
    func place(from place: Int, _ step: Travel, count: Int) -> Int {
        let distance =
            switch step {
            case .left: -1
            case .right: 1
            case .up: -perRow
            case .down: perRow
            case .pageUp: -perRow * visibleRows
            case .pageDown: perRow * visibleRows
            case .top: -count
            case .bottom: count
            }
        let target = place + distance
        if target < 0 { return step == .up ? place : 0 }
        guard target >= count else { return target }
        return step == .down && place / perRow == (count - 1) / perRow ? place : count - 1
    }
}
