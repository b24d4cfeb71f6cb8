/// A grid of cells that a screen is drawn on: a value, compared by tests and shown by a terminal.
///
/// Every operation clips: a place outside the canvas is legal and draws nothing there.
public struct Canvas: Equatable, Sendable {
    /// Its extents.
    public let size: Size
    /// What stands for the cut-off end of a text: `…`, in ASCII `~`.
    public var ellipsis: Unicode.Scalar
    /// Row by row, `size.columns` cells each.
    public private(set) var cells: [Cell]

    /// Makes a blank canvas.
    public init(size: Size, ellipsis: Unicode.Scalar = "…") {
        self.size = size
        self.ellipsis = ellipsis
        cells = Array(repeating: Cell(), count: size.columns * size.rows)
    }

    /// The cell at a place, nil outside the canvas.
    public subscript(point: Point) -> Cell? {
        guard point.column >= 0, point.column < size.columns, point.row >= 0, point.row < size.rows else { return nil }
        return cells[point.row * size.columns + point.column]
    }

    /// Blanks a rectangle.
    public mutating func fill(_ rect: Rect, _ style: Style) {
        let blank = Cell(style: style)
        change(rect) { $0 = blank }
    }

    /// Changes what a rectangle's characters lie on, for instance a selected row.
    public mutating func paint(_ rect: Rect, surface: Scope) {
        change(rect) {
            $0.style.surface = surface
            $0.style.ground = 0
        }
    }

    /// Adds attributes to a rectangle's cells.
    public mutating func add(_ attributes: Attributes, to rect: Rect) {
        change(rect) { $0.style.attributes.formUnion(attributes) }
    }

    /// Draws a border on the rectangle's edge, with a title in its upper line; nothing below 2x2 cells.
    public mutating func box(
        _ rect: Rect, title: String? = nil, style: Style, titleStyle: Style? = nil, glyphs: GlyphSet = .unicode
    ) {
        guard rect.columns >= 2, rect.rows >= 2 else { return }
        let (left, right) = (rect.column, rect.maxColumn - 1)
        let (top, bottom) = (rect.row, rect.maxRow - 1)
        repeatGlyph(glyphs.horizontal, across: Rect(column: left, row: top, columns: rect.columns, rows: 1), style)
        repeatGlyph(glyphs.horizontal, across: Rect(column: left, row: bottom, columns: rect.columns, rows: 1), style)
        repeatGlyph(glyphs.vertical, across: Rect(column: left, row: top, columns: 1, rows: rect.rows), style)
        repeatGlyph(glyphs.vertical, across: Rect(column: right, row: top, columns: 1, rows: rect.rows), style)
        set(glyphs.topLeft, Point(column: left, row: top), style)
        set(glyphs.topRight, Point(column: right, row: top), style)
        set(glyphs.bottomLeft, Point(column: left, row: bottom), style)
        set(glyphs.bottomRight, Point(column: right, row: bottom), style)
        guard let title, !title.isEmpty, rect.columns > 6 else { return }
        putClipped(
            " \(title) ", at: Point(column: left + 2, row: top), limit: rect.columns - 4, style: titleStyle ?? style)
    }

    /// Puts one glyph, which must be one cell wide, in every cell of a rectangle.
    public mutating func repeatGlyph(_ glyph: Unicode.Scalar, across rect: Rect, _ style: Style) {
        let cell = Cell(scalar: glyph.value, style: style)
        change(rect) { $0 = cell }
    }

    /// Puts one glyph, which must be one cell wide, at a place.
    public mutating func set(_ glyph: Unicode.Scalar, _ point: Point, _ style: Style) {
        place(TextCell(scalar: glyph.value, mark: 0, width: 1), at: point, style)
    }

    /// Stores a character, both halves of a wide one; halves of wide characters it cuts become blanks.
    mutating func place(_ text: TextCell, at point: Point, _ style: Style) {
        guard point.row >= 0, point.row < size.rows else { return }
        let base = point.row * size.columns
        if text.width == 1 {
            guard point.column >= 0, point.column < size.columns else { return }
            store(Cell(scalar: text.scalar, mark: text.mark, style: style), base, point.column)
        } else if point.column >= 0, point.column + 1 < size.columns {
            store(Cell(scalar: text.scalar, mark: text.mark, style: style), base, point.column)
            store(Cell(scalar: 0, style: style), base, point.column + 1, joined: true)
        } else {
            for column in [point.column, point.column + 1] where column >= 0 && column < size.columns {
                store(Cell(style: style), base, column)
            }
        }
    }

    private mutating func store(_ cell: Cell, _ base: Int, _ column: Int, joined: Bool = false) {
        if cells[base + column].isContinuation && !joined && column > 0 {
            cells[base + column - 1].scalar = 0x20
            cells[base + column - 1].mark = 0
        }
        if column + 1 < size.columns && cells[base + column + 1].isContinuation {
            cells[base + column + 1].scalar = 0x20
        }
        cells[base + column] = cell
    }

    /// Changes every cell of the rectangle's visible part; wide characters cut by its edges become blanks.
    private mutating func change(_ rect: Rect, _ body: (inout Cell) -> Void) {
        let visible = rect.intersection(Rect(size))
        guard !visible.isEmpty else { return }
        for row in visible.row..<visible.maxRow {
            let base = row * size.columns
            for column in [visible.column, visible.maxColumn]
            where column < size.columns && cells[base + column].isContinuation {
                split(at: base + column)
            }
            for index in base + visible.column..<base + visible.maxColumn { body(&cells[index]) }
        }
    }

    /// Blanks both halves of the wide character whose right half is at the index.
    private mutating func split(at index: Int) {
        cells[index].scalar = 0x20
        if index > 0 {
            cells[index - 1].scalar = 0x20
            cells[index - 1].mark = 0
        }
    }
}

/// One character cell of a canvas.
public struct Cell: Hashable, Sendable {
    /// The character's Unicode scalar; 0 marks the right half of a wide character.
    public var scalar: UInt32
    /// A combining mark on it, or 0.
    public var mark: UInt32
    /// Its meaning.
    public var style: Style

    /// Makes a cell.
    public init(scalar: UInt32 = 0x20, mark: UInt32 = 0, style: Style = Style(.background)) {
        self.scalar = scalar
        self.mark = mark
        self.style = style
    }

    /// Whether it is the right half of a wide character.
    public var isContinuation: Bool { scalar == 0 }
}

/// Where a text stands in a wider place.
public enum Alignment: Sendable {
    case left, center, right
}

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

    /// Writes a text like `put`, with an ellipsis behind what there is room for when it does not fit.
    ///
    /// No number, range or name with a number is cut: `1-512` never becomes `1-5…`.
    @discardableResult
    public mutating func putClipped(_ text: String, at point: Point, limit: Int, style: Style) -> Int {
        let room = min(max(0, limit), size.columns - max(0, min(point.column, size.columns)))
        guard room > 0, exceeds(text, room) else { return put(text, at: point, style: style, limit: limit) }
        let used = put(
            TextCut.shortened(text, columns: room - 1) ?? text, at: point, style: style, limit: room - 1)
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

extension Canvas {
    /// The rows as text with trailing blanks trimmed, each ended by a newline: for snapshot tests and plain output.
    public func picture() -> String {
        var result = ""
        for row in 0..<size.rows {
            var line = String.UnicodeScalarView()
            for cell in self.row(row) where !cell.isContinuation {
                line.append(Unicode.Scalar(cell.scalar) ?? "?")
                if cell.mark != 0, let mark = Unicode.Scalar(cell.mark) { line.append(mark) }
            }
            while line.last == " " { line.removeLast() }
            result.unicodeScalars.append(contentsOf: line)
            result += "\n"
        }
        return result
    }

    /// The styles as a picture of letters, one for each different style in order of appearance, and a legend.
    ///
    /// A blank stands for the plain background. A legend line reads `a ui.title`, `b owner.3 on ui.selection bold`.
    public func stylePicture() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        var seen: [Style] = []
        var picture = ""
        for row in 0..<size.rows {
            var line = ""
            for cell in self.row(row) {
                guard cell.style != Style(.background) else {
                    line += " "
                    continue
                }
                let index = seen.firstIndex(of: cell.style) ?? seen.count
                if index == seen.count { seen.append(cell.style) }
                line.append(index < letters.count ? letters[index] : "*")
            }
            while line.last == " " { line.removeLast() }
            picture += line + "\n"
        }
        for (index, style) in seen.enumerated() where index < letters.count {
            picture += "\(letters[index]) \(style.description)\n"
        }
        return picture
    }

    /// The cells of a row, which must lie in the canvas.
    public func row(_ row: Int) -> ArraySlice<Cell> {
        cells[row * size.columns..<(row + 1) * size.columns]
    }
}

extension Style: CustomStringConvertible {
    /// The style in the words of theme files: `owner.3 on ui.selection bold`.
    public var description: String {
        var words = scope.count > 1 ? "\(scope.name).\(index)" : scope.name
        if surface != .background { words += " on \(surface.count > 1 ? "\(surface.name).\(ground)" : surface.name)" }
        for (attribute, name) in Attributes.names where attributes.contains(attribute) { words += " \(name)" }
        return words
    }
}
