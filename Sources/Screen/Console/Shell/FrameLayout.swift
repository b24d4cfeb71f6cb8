import Canvas

/// Where the parts of every screen lie; what matters least goes first when rows get few.
struct FrameLayout: Hashable, Sendable {
    /// The first row: name, address, badges.
    var title: Rect
    /// The second row: settings and coverage.
    var facts: Rect
    /// The row of tabs.
    var tabs: Rect
    /// The screen itself.
    var body: Rect
    /// The last row: keys, a notice or a prompt.
    var footer: Rect

    init(_ size: Size) {
        var rest = Rect(size)
        let rows = rest.rows
        (rest, footer) = rest.splitBottom(rows >= 3 ? 1 : 0)
        (title, rest) = rest.splitTop(rows >= 2 ? 1 : 0)
        (facts, rest) = rest.splitTop(rows >= 9 ? 1 : 0)
        (tabs, rest) = rest.splitTop(rows >= 7 ? 1 : 0)
        body = rest
    }
}
