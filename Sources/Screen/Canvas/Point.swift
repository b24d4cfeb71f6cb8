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
