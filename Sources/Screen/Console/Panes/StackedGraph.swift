import Canvas

/// Several rates over time, one upon the other, each in its own colour: a column a step.
struct StackedGraph {
    /// A layer's colour and the letter that fills it where there are no colours.
    enum Layer: Hashable {
        case node(Int)
        /// What arrived, and nobody accepted.
        case lost
    }

    /// What is known of a step: layers from below, with their rates; nil: nothing is known.
    var columns: [[(layer: Layer, rate: Double)]?]
    /// The rate at the top.
    var peak: Double
    let glyphs: GlyphSet

    /// The top of a scale that holds a rate: a round number, and not so far above it that the graph is mostly empty.
    static func top(above rate: Double) -> Double {
        guard rate > 1, rate < 1e15 else { return 1 }
        var power = 1.0
        while power * 10 < rate { power *= 10 }
        return [1.0, 1.5, 2, 3, 4, 5, 6, 8, 10].lazy.map { $0 * power }.first { $0 >= rate } ?? power * 10
    }

    /// What stands in a cell; nil: nothing.
    func cell(column: Int, row: Int, rows: Int) -> (glyph: Unicode.Scalar, style: Style)? {
        guard columns.indices.contains(column), let layers = columns[column], peak > 0 else { return nil }
        let floor = Double((rows - 1 - row) * 8)
        var top = 0.0
        var below: (layer: Layer, eighths: Int)?
        for (layer, rate) in layers where rate > 0 && rate.isFinite {
            top += rate / peak * Double(rows * 8)  // bounded: both are Double
            let eighths = Int(min(max((top - floor).rounded(), 0), 8))
            if let below { return mixed(below, eighths > below.eighths ? layer : nil) }
            if eighths == 8 { return full(layer) }
            if eighths > 0 { below = (layer, eighths) }
        }
        // Every rate above nothing shows at least a trace.
        if below == nil, row == rows - 1, let first = layers.first(where: { $0.rate > 0 }) { below = (first.layer, 1) }
        return below.flatMap { mixed($0, nil) }
    }

    private func full(_ layer: Layer) -> (Unicode.Scalar, Style) {
        switch layer {
        case .node(let index):
            let letter = NodeTag.letter(index).unicodeScalars.first ?? glyphs.block
            return (letter, Style(.owner, index: index, surface: .owner, ground: index))
        case .lost: return (glyphs.shades[1], Style(.statusError))
        }
    }

    /// The top of a layer, and what lies upon it.
    private func mixed(_ below: (layer: Layer, eighths: Int), _ above: Layer?) -> (Unicode.Scalar, Style) {
        guard case .node(let index) = below.layer else { return full(below.layer) }
        if glyphs == .ascii, above != nil { return full(below.eighths >= 4 ? below.layer : above ?? below.layer) }
        guard case .node(let upper)? = above else {
            return (glyphs.heights[below.eighths], Style(.owner, index: index))
        }
        return (glyphs.heights[below.eighths], Style(.owner, index: index, surface: .owner, ground: upper))
    }
}

extension Painter {
    /// Columns on the left of a graph for its scale.
    static let scaleWidth = 6

    /// A graph with its scale on the left, and below it, where asked for, the time.
    mutating func graph(_ graph: StackedGraph, _ window: TimeWindow, in rect: Rect, hasTimes: Bool) {
        let (plot, axis) = rect.splitBottom(hasTimes && rect.rows >= 3 ? 1 : 0)
        let area = plot.splitLeft(Self.scaleWidth).rest
        let cursor = state.view.cursor.flatMap(window.column)
        for column in 0..<(collectsTargets ? min(area.columns, window.columns) : 0) {
            let place = Rect(column: area.column + column, row: area.row, columns: 1, rows: area.rows)
            target(place, .time(window.time(of: column)))
        }
        for row in 0..<area.rows {
            let label = row == 0 ? Units.short(graph.peak) : row == area.rows - 1 && area.rows > 1 ? "0" : ""
            canvas.put(Pad.right(label, 5), at: plot.line(row).origin, style: Style(.textDim))
            for column in 0..<min(area.columns, window.columns) {
                let point = Point(column: area.column + column, row: area.row + row)
                if let (glyph, style) = graph.cell(column: column, row: row, rows: area.rows) {
                    canvas.set(glyph, point, style)
                } else if column == cursor {
                    canvas.set(glyphs.vertical, point, Style(.title))
                } else if row == area.rows - 1, column < graph.columns.count, graph.columns[column] == nil,
                    state.past.isKnown(at: window.time(of: column), seconds: window.step)
                {
                    canvas.set(glyphs.empty, point, Style(.textDim))
                }
            }
        }
        times(window, in: axis.splitLeft(Self.scaleWidth).rest)
    }

    /// The times of a window, each under its column; they stand still until the window moves on.
    mutating func times(_ window: TimeWindow, in rect: Rect) {
        guard !rect.isEmpty else { return }
        let isShort = window.step >= 60
        let pitch = max(window.columns / 6, 1)
        let room = isShort ? 7 : 10
        let every = (room + pitch - 1) / pitch * pitch
        for column in stride(from: 0, to: window.columns, by: every) where column + room - 2 <= rect.columns {
            let time = window.time(of: column)
            let text = isShort ? state.clock.minute(time) : state.clock.time(time)
            let point = Point(column: rect.column + column, row: rect.row)
            canvas.put("\(glyphs.vertical)\(text)", at: point, style: Style(.textDim))
        }
        if let cursor = state.view.cursor.flatMap(window.column), cursor < rect.columns {
            canvas.set(glyphs.up, Point(column: rect.column + cursor, row: rect.row), Style(.title, attributes: .bold))
        }
    }
}
