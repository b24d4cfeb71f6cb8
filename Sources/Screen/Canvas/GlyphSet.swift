/// The shapes a screen is drawn with: one set for Unicode terminals, one for ASCII; every glyph is one cell wide.
public struct GlyphSet: Hashable, Sendable {
    /// The sides and corners of a border.
    public var horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight: Unicode.Scalar
    /// Where lines meet, named by the side of a border that the third line leaves, and where they cross.
    public var teeLeft, teeRight, teeTop, teeBottom, cross: Unicode.Scalar
    /// Bars that grow upwards: 9 steps from blank to full.
    public var heights: [Unicode.Scalar]
    /// Bars that grow to the right: 9 steps from blank to full.
    public var widths: [Unicode.Scalar]
    /// How much of a cell's buckets, or of anything that is not a height, it is about: 5 steps from blank to full.
    public var shades: [Unicode.Scalar]
    /// States; each has its own shape, so that none depends on colour.
    public var ok, warn, error, pending, unknown: Unicode.Scalar
    /// A bucket that is owned, draining or adopted, or has no owner, or several.
    public var owned, draining, adopted, orphan, conflict: Unicode.Scalar
    /// Arrows, the mark of the chosen row, and signs within text.
    public var up, down, left, right, marker, check, times, separator, ellipsis: Unicode.Scalar
    /// The sorted column's direction.
    public var ascending, descending: Unicode.Scalar
    /// A full cell of a heat map or strip, and an empty place in one.
    public var block, empty: Unicode.Scalar
    /// The upper half of a cell; the lower one is a bar half as high.
    public var upperHalf: Unicode.Scalar

    /// For terminals that show UTF-8.
    public static let unicode = GlyphSet(
        horizontal: "─", vertical: "│", topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯",
        teeLeft: "├", teeRight: "┤", teeTop: "┬", teeBottom: "┴", cross: "┼",
        heights: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        widths: [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"], shades: [" ", "░", "▒", "▓", "█"],
        ok: "●", warn: "▲", error: "✖", pending: "◌", unknown: "?",
        owned: "■", draining: "◧", adopted: "◈", orphan: "○", conflict: "✖",
        up: "↑", down: "↓", left: "←", right: "→", marker: "▸", check: "✔", times: "×", separator: "·",
        ellipsis: "…", ascending: "▲", descending: "▼", block: "█", empty: "·", upperHalf: "▀")

    /// For every other terminal.
    public static let ascii = GlyphSet(
        horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
        teeLeft: "+", teeRight: "+", teeTop: "+", teeBottom: "+", cross: "+",
        heights: [" ", ".", ":", "-", "=", "+", "*", "%", "#"],
        widths: [" ", ".", ":", "-", "=", "+", "*", "%", "#"], shades: [" ", ":", "+", "%", "#"],
        ok: "*", warn: "!", error: "x", pending: "~", unknown: "?",
        owned: "#", draining: "d", adopted: "a", orphan: "o", conflict: "X",
        up: "^", down: "v", left: "<", right: ">", marker: ">", check: "v", times: "x", separator: ".",
        ellipsis: "~", ascending: "^", descending: "v", block: "#", empty: ".", upperHalf: "\"")

    /// Every glyph in a fixed order, the same for all sets: places in one set correspond to places in another.
    public var all: [Unicode.Scalar] {
        [
            horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight, teeLeft, teeRight, teeTop, teeBottom,
            cross, ok, warn, error, pending, unknown, owned, draining, adopted, orphan, conflict, up, down, left,
            right, marker, check, times, separator, ellipsis, ascending, descending, block, empty, upperHalf,
        ] + heights + widths + shades
    }

    /// A bar of `columns` cells filled to `fraction` (0…1, others clamped; not a number is 0), in eighths of a cell.
    public func bar(_ fraction: Double, columns: Int) -> String {
        guard columns > 0 else { return "" }
        let steps = Double(columns * 8)
        let filled = fraction > 0 ? Int((min(1, fraction) * steps).rounded()) : 0
        var result = String.UnicodeScalarView()
        for column in 0..<columns { result.append(widths[min(8, max(0, filled - column * 8))]) }
        return String(result)
    }

    /// The shade of a part of a whole: blank for nothing, full for all of it alone.
    public func shade(_ part: Int, of whole: Int) -> Unicode.Scalar {
        guard part > 0, whole > 0 else { return shades[0] }
        return part >= whole ? shades[4] : shades[1 + min(part * 3 / whole, 2)]
    }

    /// One glyph of a spark line for a value between 0 and `peak`; every value above 0 shows at least a trace.
    public func height(_ value: Double, peak: Double) -> Unicode.Scalar {
        guard value > 0, peak > 0, value.isFinite else { return heights[0] }
        return heights[max(1, Int((min(1, value / peak) * 8).rounded()))]
    }

    /// A spark line of the last `columns` values, the newest at the right, scaled to `peak` or the highest of them.
    public func spark(_ values: some BidirectionalCollection<Double>, columns: Int, peak: Double? = nil) -> String {
        let shown = values.suffix(max(0, columns))
        let peak = peak ?? shown.lazy.filter(\.isFinite).max() ?? 0
        var result = String.UnicodeScalarView(repeatElement(" ", count: max(0, columns) - shown.count))
        for value in shown { result.append(height(value, peak: peak)) }
        return String(result)
    }
}
