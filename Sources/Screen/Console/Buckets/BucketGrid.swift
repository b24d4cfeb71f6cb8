import Canvas

/// How buckets are laid out in a room: as large as they fit, and how many stand in a row.
///
/// A *group* is what one place stands for: one bucket, or several where there are more buckets than places.
struct BucketGrid: Hashable, Sendable {
    /// The five sizes of a bucket.
    enum Grade: Hashable, Sendable {
        /// Several lines: number and owner; rate.
        case tile
        /// Number, owner and heat in one line.
        case cell
        /// Owner and heat.
        case pair
        /// The owner's letter alone.
        case letter
        /// Half a character, for one bucket or several.
        case half
    }

    /// The size of a bucket.
    var grade: Grade
    /// Cells from one bucket to the next.
    var pitch: Int
    /// Rows from one row of buckets to the next; two rows of halves share one.
    var rowHeight: Int
    /// Groups in a row.
    var perRow: Int
    /// Buckets in a group.
    var group = 1
    /// Columns on the left for the number of a row's first bucket; 0 where every bucket shows its number.
    var label: Int
    /// Where the grid is drawn.
    var area: Rect
    /// How many buckets there are.
    private var count: Int

    /// The layout of `count` buckets, with numbers up to `total`, in a room.
    init(count: Int, total: Int, room: Rect) {
        let digits = String(max(total, 1)).count
        let choices: [(grade: Grade, pitch: Int, height: Int, label: Int)] = [
            (.tile, max(9, digits + 5), 3, 0), (.cell, digits + 5, 1, 0), (.pair, 3, 1, digits + 2),
            (.letter, 1, 1, digits + 2),
        ]
        let fitting = choices.first { choice in
            let perRow = Self.perRow(columns: room.columns - choice.label, pitch: choice.pitch)
            let rows = (count + perRow - 1) / perRow
            return rows * choice.height - (choice.height > 1 ? 1 : 0) <= room.rows && room.columns >= choice.pitch
        }
        (grade, pitch, rowHeight, label) = fitting ?? (.half, 1, 1, digits + 4)
        self.count = count
        if room.columns < label + 8 { label = 0 }
        perRow = Self.perRow(columns: room.columns - label, pitch: pitch)
        area = room
        if grade == .half {
            perRow = min(max((room.columns - label) / 16 * 16, perRow), 256)
            while Self.rows(count, perRow, group) > max(room.rows, 1) * 2, group < 65_536 { group *= 2 }
            area = room.splitTop((Self.rows(count, perRow, group) + 1) / 2).top
        } else {
            stretch(room)
        }
    }

    /// Makes tiles and letters as large as the room allows.
    private mutating func stretch(_ room: Rect) {
        if grade == .tile {
            spread(room)
        } else if grade == .letter || grade == .pair {
            let most = grade == .letter ? 4 : 6
            pitch = min(max((room.columns - label) / max(perRow, 1), pitch), most)
        }
        let rows = Self.rows(max(count, 1), perRow, 1)
        area = room.splitTop(min(rows * rowHeight - (rowHeight > 1 ? 1 : 0), room.rows)).top
    }

    /// Puts tiles in rows so that they cover as much of the room as they can.
    private mutating func spread(_ room: Rect) {
        var best = 0
        for across in stride(from: min(perRow, max(count, 1)), through: 1, by: -1) {
            let rows = Self.rows(max(count, 1), across, 1)
            let height = min((room.rows + 1) / rows, 10)
            guard height >= 3 else { break }
            let width = min(room.columns / across, 40)
            let covered = min(count * width * height, room.columns * (room.rows + 1))
            // Tiles are wide rather than high, unless much more is covered.
            guard covered * 10 > best * 11 else { continue }
            best = covered
            (perRow, pitch, rowHeight) = (across, width, height)
        }
    }

    private static func rows(_ count: Int, _ perRow: Int, _ group: Int) -> Int {
        let groups = (count + group - 1) / group
        return (groups + perRow - 1) / perRow
    }

    /// Rows of buckets that can be seen.
    var visibleRows: Int {
        grade == .half ? max(area.rows, 1) * 2 : max((area.rows + (rowHeight > 1 ? 1 : 0)) / rowHeight, 1)
    }

    /// The largest power of two that fits; at least 1.
    private static func perRow(columns: Int, pitch: Int) -> Int {
        var count = 1
        while count * 2 * pitch <= columns + (pitch > 1 ? 1 : 0), count < 256 { count *= 2 }
        return count
    }

    /// The places of a group, the first being 0.
    func places(ofGroup index: Int) -> Range<Int> { min(index * group, count)..<min((index + 1) * group, count) }

    /// The first row to draw so that the selected place is visible.
    func top(from top: Int, place: Int) -> Int {
        let row = place / group / perRow
        let top = min(max(top, row - visibleRows + 1), row)
        return max(min(top, Self.rows(count, perRow, group) - visibleRows), 0)
    }

    /// The place that a step leads to; a step up or down from the edge stays where it is.
    func place(from place: Int, _ step: Travel) -> Int {
        let row = perRow * group
        let distance =
            switch step {
            case .left: -group
            case .right: group
            case .up: -row
            case .down: row
            case .pageUp: -row * visibleRows
            case .pageDown: row * visibleRows
            case .top: -count
            case .bottom: count
            }
        let target = place + distance
        if target < 0 { return step == .up ? place : 0 }
        guard target >= count else { return target }
        return step == .down && place / row == (count - 1) / row ? place : count - 1
    }

    /// The place that is drawn at a point, when the first visible row is `top`; nil: none.
    func place(at point: Point, top: Int) -> Int? {
        guard area.contains(point), point.column >= area.column + label else { return nil }
        let column = (point.column - area.column - label) / pitch
        let row = top + (point.row - area.row) / rowHeight * (grade == .half ? 2 : 1)
        let place = (row * perRow + column) * group
        return column < perRow && place < count ? place : nil
    }
}
