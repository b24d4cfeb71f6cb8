import Canvas

extension Painter {
    /// Rows with a selected one, and the details of it below.
    mutating func list(_ rows: [Line], _ selected: ListCursor, _ details: [Line], in rect: Rect) {
        let kept = rect.rows >= 10 && !details.isEmpty ? min(max(details.count + 1, 6), rect.rows / 2) : 0
        let (area, below) = rect.splitTop(min(max(rows.count, 1) + 1, rect.rows - kept))
        var cursor = selected
        cursor.clamp(count: rows.count, visible: area.rows)
        for (line, row) in rows.dropFirst(cursor.top).prefix(area.rows).enumerated() {
            let place = area.line(line)
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
