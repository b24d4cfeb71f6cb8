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
        change(rect) { $0.style.surface = surface }
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
