/// A rectangle of cells; its extents are never negative, its place may lie outside a canvas.
///
/// Every operation clamps: splitting off more than there is leaves an empty rest, insetting by too much an empty
/// rectangle. So a layout written for a large screen stays valid down to 1x1.
public struct Rect: Hashable, Sendable {
    /// The leftmost column.
    public var column: Int
    /// The uppermost row.
    public var row: Int
    /// Cells across.
    public var columns: Int
    /// Cells down.
    public var rows: Int

    /// Makes a rectangle; negative extents count as 0, and a million cells is as far as it goes.
    public init(column: Int, row: Int, columns: Int, rows: Int) {
        self.column = column.clamped
        self.row = row.clamped
        self.columns = max(0, columns.clamped)
        self.rows = max(0, rows.clamped)
    }

    /// Makes the rectangle that covers a canvas of this size.
    public init(_ size: Size) {
        self.init(column: 0, row: 0, columns: size.columns, rows: size.rows)
    }

    /// Whether there is no cell in it.
    public var isEmpty: Bool { columns == 0 || rows == 0 }
    /// The first column right of it.
    public var maxColumn: Int { column &+ columns }
    /// The first row below it.
    public var maxRow: Int { row &+ rows }
    /// Its upper left cell.
    public var origin: Point { Point(column: column, row: row) }
    /// Its extents.
    public var size: Size { Size(columns: columns, rows: rows) }

    /// Whether a cell lies in it, for mouse clicks.
    public func contains(_ point: Point) -> Bool {
        point.column >= column && point.column < maxColumn && point.row >= row && point.row < maxRow
    }

    /// The rectangle without `columns` on the left and right and `rows` on top and bottom.
    public func inset(_ columns: Int, _ rows: Int) -> Rect {
        let columns = min(max(0, columns), (self.columns + 1) / 2)
        let rows = min(max(0, rows), (self.rows + 1) / 2)
        return Rect(
            column: column &+ columns, row: row &+ rows,
            columns: self.columns - 2 * columns, rows: self.rows - 2 * rows)
    }

    /// Its row number `index`, counted from its top; empty when it has no such row.
    public func line(_ index: Int) -> Rect {
        guard index >= 0, index < rows else { return Rect(column: column, row: row, columns: columns, rows: 0) }
        return Rect(column: column, row: row &+ index, columns: columns, rows: 1)
    }

    /// The part that both rectangles cover.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(column, other.column)
        let top = max(row, other.row)
        return Rect(
            column: left, row: top, columns: min(maxColumn, other.maxColumn) - left,
            rows: min(maxRow, other.maxRow) - top)
    }

    /// A rectangle of the given size in the middle of this one, shrunk to fit.
    public func centered(_ size: Size) -> Rect {
        let columns = min(size.columns, self.columns)
        let rows = min(size.rows, self.rows)
        return Rect(
            column: column &+ (self.columns - columns) / 2, row: row &+ (self.rows - rows) / 2, columns: columns,
            rows: rows)
    }

    /// The upper `n` rows, and the rest.
    public func splitTop(_ n: Int) -> (top: Rect, rest: Rect) {
        let n = min(max(0, n), rows)
        return (
            Rect(column: column, row: row, columns: columns, rows: n),
            Rect(column: column, row: row &+ n, columns: columns, rows: rows - n)
        )
    }

    /// The rest, and the lower `n` rows.
    public func splitBottom(_ n: Int) -> (rest: Rect, bottom: Rect) {
        let (rest, bottom) = splitTop(rows - min(max(0, n), rows))
        return (rest, bottom)
    }

    /// The left `n` columns, and the rest.
    public func splitLeft(_ n: Int) -> (left: Rect, rest: Rect) {
        let n = min(max(0, n), columns)
        return (
            Rect(column: column, row: row, columns: n, rows: rows),
            Rect(column: column &+ n, row: row, columns: columns - n, rows: rows)
        )
    }
}

/// A cell's place: column 0, row 0 is the upper left one; may lie outside a canvas.
public struct Point: Hashable, Sendable {
    /// Cells from the left edge.
    public var column: Int
    /// Cells from the upper edge.
    public var row: Int

    /// Makes a point; a million cells from the origin is as far as it goes, so that sums of places never overflow.
    public init(column: Int, row: Int) {
        self.column = column.clamped
        self.row = row.clamped
    }
}

extension Int {
    /// The nearest number from minus to plus a million.
    var clamped: Int { Swift.min(1_000_000, Swift.max(-1_000_000, self)) }
}

/// The extent of a canvas or terminal in character cells; never negative.
public struct Size: Hashable, Sendable {
    /// Cells across.
    public var columns: Int
    /// Cells down.
    public var rows: Int

    /// Makes a size; negative extents count as 0.
    public init(columns: Int, rows: Int) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }
}
