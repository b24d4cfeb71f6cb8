/// A place in a list: the row that is selected, and the first row that is visible.
public struct ListCursor: Hashable, Sendable {
    /// The selected row.
    public var row = 0
    /// The first visible row.
    public var top = 0

    /// A cursor at the top.
    public init() {}

    /// Brings the cursor into a list of `count` rows of which `visible` can be seen, and the row into view.
    public mutating func clamp(count: Int, visible: Int) {
        row = min(max(row, 0), max(count - 1, 0))
        let visible = max(visible, 1)
        top = min(max(top, row - visible + 1), row)
        top = min(top, max(count - visible, 0))
        top = max(top, 0)
    }
}
