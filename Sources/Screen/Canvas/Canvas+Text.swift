extension Canvas {
    /// Writes a text on one row, through the text gate, clipped to the canvas and to `limit` columns.
    ///
    /// Returns the columns it took from `at.column` on, those left of the canvas included; a wide character that the
    /// limit cuts becomes a blank.
    @discardableResult
    public mutating func put(_ text: String, at point: Point, style: Style, limit: Int? = nil) -> Int {
        guard point.row >= 0, point.row < size.rows, point.column < size.columns else { return 0 }
        let room = min(max(0, limit ?? Int.max), size.columns - point.column)
        var used = 0
        for cell in TextCells(text) {
            guard used < room else { break }
            let target = Point(column: point.column + used, row: point.row)
            if used + cell.width > room {
                place(TextCell(scalar: 0x20, mark: 0, width: 1), at: target, style)
                return room
            }
            place(cell, at: target, style)
            used += cell.width
        }
        return used
    }

    /// Writes a text like `put`, with an ellipsis as its last column when it does not fit.
    @discardableResult
    public mutating func putClipped(_ text: String, at point: Point, limit: Int, style: Style) -> Int {
        let room = min(max(0, limit), size.columns - max(0, min(point.column, size.columns)))
        guard room > 0, exceeds(text, room) else { return put(text, at: point, style: style, limit: limit) }
        let used = put(text, at: point, style: style, limit: room - 1)
        set(ellipsis, Point(column: point.column + used, row: point.row), style)
        return used + 1
    }

    /// Writes a text in the first row of a rectangle, clipped with an ellipsis when it does not fit.
    ///
    /// The rest of the row stays as it was.
    @discardableResult
    public mutating func put(_ text: String, in rect: Rect, alignment: Alignment = .left, style: Style) -> Int {
        guard !rect.isEmpty else { return 0 }
        if alignment == .left { return putClipped(text, at: rect.origin, limit: rect.columns, style: style) }
        let spare = max(0, rect.columns - displayWidth(of: text))
        let offset = alignment == .right ? spare : spare / 2
        let start = Point(column: rect.column + offset, row: rect.row)
        return putClipped(text, at: start, limit: rect.columns - offset, style: style)
    }

    /// Writes texts of different styles one after the other; returns the columns they took.
    @discardableResult
    public mutating func put(_ runs: [(text: String, style: Style)], at point: Point, limit: Int? = nil) -> Int {
        var used = 0
        let room = limit ?? Int.max
        for run in runs {
            guard used < room else { break }
            used += put(
                run.text, at: Point(column: point.column + used, row: point.row), style: run.style, limit: room - used)
        }
        return used
    }

    private func exceeds(_ text: String, _ room: Int) -> Bool {
        var width = 0
        for cell in TextCells(text) {
            width += cell.width
            if width > room { return true }
        }
        return false
    }
}
