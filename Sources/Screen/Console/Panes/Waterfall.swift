import Canvas
import ClusterModel

/// Buckets over time: a column some buckets, a row some seconds, the newest below; a move is a letter where it happened.
extension Painter {
    /// Draws the buckets of a range; a hot client is a stripe that begins, a move is the letter of the new owner.
    mutating func waterfall(_ buckets: ClosedRange<Int>, selected: Int?, in rect: Rect) {
        guard rect.rows >= 5, rect.columns >= 24, let snapshot = state.snapshot else { return }
        let columns = WaterfallColumns(buckets, room: rect.columns - 10)
        let each = columns.perCell > 1 ? ", by \(columns.perCell)" : ""
        let (area, foot) = rect.splitTop(1).rest.splitBottom(2)
        let window = state.view.window(columns: area.rows, now: state.wall)
        heading(
            rect.line(0), title: "Buckets over time, last \(window.words)\(each)", legend: heatLegend())
        var owners: [Int?]?
        for row in 0..<area.rows {
            let place = area.line(row)
            let time = window.time(of: row)
            target(place, .time(time))
            let isMarked = state.view.cursor.flatMap(window.column) == row
            if row % 5 == 0 || isMarked {
                let style = isMarked ? Style(.title, attributes: .bold) : Style(.textDim)
                canvas.put(state.clock.time(time), at: place.origin, style: style)
            }
            if isMarked {
                canvas.set(
                    glyphs.marker, Point(column: place.column + 8, row: place.row), Style(.title, attributes: .bold))
            }
            let moments = state.past.moments(from: time, seconds: window.step)
            guard let newest = moments.last else { continue }
            let now = columns.ranges.map { newest.look(at: $0, of: state.totalBuckets).owner }
            for (index, range) in columns.ranges.enumerated() {
                let rate = moments.reduce(PackedRate.unknown) {
                    $0.higher($1.look(at: range, of: state.totalBuckets).rate)
                }
                let hasMoved = owners.map { $0.indices.contains(index) && $0[index] != now[index] } ?? false
                cell(
                    rate.rate, owner: hasMoved ? .some(now[index]) : nil,
                    in: Rect(
                        column: place.column + 9 + index * columns.width, row: place.row, columns: columns.width,
                        rows: 1))
            }
            owners = now
        }
        owner(columns, selected, snapshot, in: foot)
    }

    /// A cell of the waterfall: its heat, and the letter of an owner that is new here.
    private mutating func cell(_ rate: Double?, owner: Int??, in rect: Rect) {
        if let rate {
            let heat = state.facts.heat(of: rate)
            canvas.repeatGlyph(
                glyphs.shades[(heat + 1) / 2], across: rect, Style(.heat, index: heat, surface: .heat, ground: heat))
        } else {
            canvas.repeatGlyph(glyphs.empty, across: rect, Style(.textDim))
        }
        guard let owner else { return }
        if let owner {
            canvas.put(NodeTag.letter(owner), at: rect.origin, style: Style(.text, surface: .owner, ground: owner))
        } else {
            canvas.set(glyphs.orphan, rect.origin, Style(.bucketOrphan, attributes: .bold))
        }
    }

    /// Whose the buckets are now, and the numbers of some of them.
    private mutating func owner(
        _ columns: WaterfallColumns, _ selected: Int?, _ snapshot: ClusterSnapshot, in rect: Rect
    ) {
        canvas.put("owner", at: rect.line(0).origin, style: Style(.textDim))
        canvas.put("bucket", at: rect.line(1).origin, style: Style(.textDim))
        let map = HeatMap(state, snapshot, glyphs)
        var free = 0
        for (index, range) in columns.ranges.enumerated() {
            let column = rect.column + 9 + index * columns.width
            let (text, style) = map.owner(of: range.lowerBound)
            for step in 0..<columns.width {
                canvas.put(text, at: Point(column: column + step, row: rect.row), style: style, limit: 1)
            }
            let isSelected = selected.map(range.contains) ?? false
            let number = "\(range.lowerBound)"
            guard isSelected || column >= free, column + number.count <= rect.maxColumn else { continue }
            free = column + number.count + 2
            canvas.put(
                number, at: Point(column: column, row: rect.row + 1),
                style: isSelected ? Style(.title, attributes: [.bold, .underline]) : Style(.textDim))
        }
    }
}

/// Which buckets each column of a waterfall stands for.
struct WaterfallColumns {
    /// The buckets of each column.
    var ranges: [ClosedRange<Int>]
    /// Cells a column.
    var width: Int
    /// Buckets a column.
    var perCell: Int

    init(_ buckets: ClosedRange<Int>, room: Int) {
        let room = max(room, 1)
        perCell = (buckets.count + room - 1) / room
        width = perCell > 1 ? 1 : min(max(room / buckets.count, 1), 24)
        let step = perCell
        ranges = stride(from: buckets.lowerBound, through: buckets.upperBound, by: step).map {
            $0...min($0 + step - 1, buckets.upperBound)
        }
    }
}
