import CNcurses
import Canvas

/// Hands ncurses the cells that changed since the last canvas, in the terminal's colours and characters.
struct ScreenPainter {
    private let depth: ColorDepth
    private let isUTF8: Bool
    private var shown: Canvas?
    private var theme: Theme?
    private var table: ThemeTable?
    private var pairs: ColorPairs
    private var looks: [Style: (pair: Int32, attributes: UInt32)] = [:]
    private var characters: [UInt32: UInt32] = [:]
    private var run: [cn_cell] = []

    init(depth: ColorDepth, isUTF8: Bool, pairs: Int) {
        self.depth = depth
        self.isUTF8 = isUTF8
        self.pairs = ColorPairs(capacity: pairs)
    }

    /// Forgets what is on the screen.
    mutating func forget() { shown = nil }

    /// Passes on what differs from the last canvas; the screen's size is the smaller of the two.
    mutating func paint(_ canvas: Canvas, theme: Theme, size: Size) {
        if theme != self.theme {
            self.theme = theme
            table = theme.table(depth)
            pairs = ColorPairs(capacity: pairs.capacity)
            looks = [:]
            shown = nil
        }
        if shown?.size != canvas.size { shown = nil }
        let columns = min(size.columns, canvas.size.columns)
        let hasMoved = shown.map { ScreenPainter.hasMovedRows(canvas, since: $0) } ?? false
        for row in 0..<min(size.rows, canvas.size.rows) {
            let cells = canvas.row(row)
            guard let span = changes(cells.prefix(columns), shown?.row(row).prefix(columns)) else { continue }
            put(cells[span], at: span.lowerBound - cells.startIndex, row: row)
            if hasMoved { cn_step() }
        }
        shown = canvas
    }

    /// Whether the text of some row now stands on another one, so that ncurses may choose to scroll.
    static func hasMovedRows(_ canvas: Canvas, since before: Canvas) -> Bool {
        for row in 0..<canvas.size.rows {
            let cells = canvas.row(row)
            guard cells != before.row(row), cells.contains(where: { $0.scalar != 0x20 }) else { continue }
            for other in 0..<before.size.rows where other != row {
                if cells.elementsEqual(before.row(other), by: { $0.scalar == $1.scalar }) { return true }
            }
        }
        return false
    }

    /// The indices from the first to the last changed cell, wide characters whole.
    private func changes(_ cells: ArraySlice<Cell>, _ before: ArraySlice<Cell>?) -> Range<Int>? {
        guard let before else { return cells.isEmpty ? nil : cells.startIndex..<cells.endIndex }
        let base = cells.startIndex
        var first = base
        var end = cells.endIndex
        while first < end && cells[first] == before[first] { first += 1 }
        while end > first && cells[end - 1] == before[end - 1] { end -= 1 }
        guard first < end else { return nil }
        while first > base && (cells[first].isContinuation || before[first].isContinuation) { first -= 1 }
        while end < cells.endIndex && (cells[end].isContinuation || before[end].isContinuation) { end += 1 }
        return first..<end
    }

    private mutating func put(_ cells: ArraySlice<Cell>, at column: Int, row: Int) {
        run.removeAll(keepingCapacity: true)
        var index = cells.startIndex
        var lastStyle: Style?
        var look: (pair: Int32, attributes: UInt32) = (0, 0)
        while index < cells.endIndex {
            let cell = cells[index]
            if cell.style != lastStyle {
                look = self.look(of: cell.style)
                lastStyle = cell.style
            }
            let isWide = index + 1 < cells.endIndex && cells[index + 1].isContinuation && !cell.isContinuation
            append(cell, isWide: isWide, look)
            index += isWide ? 2 : 1
        }
        cn_put(Int32(row), Int32(column), run, Int32(run.count))
    }

    /// Adds a character as the C library can show it, with a `?` for others, in as many columns as the canvas gave it.
    private mutating func append(_ cell: Cell, isWide: Bool, _ look: (pair: Int32, attributes: UInt32)) {
        let scalar = cell.isContinuation ? 0x20 : character(cell.scalar, columns: isWide ? 2 : 1)
        let hasMark = cell.mark != 0 && isUTF8 && scalar == cell.scalar && cn_width(cell.mark) == 0
        run.append(
            cn_cell(
                scalar: scalar, mark: hasMark ? cell.mark : 0, pair: look.pair, attributes: look.attributes))
        if isWide && scalar != cell.scalar {
            run.append(cn_cell(scalar: 0x20, mark: 0, pair: look.pair, attributes: look.attributes))
        }
    }

    private mutating func character(_ scalar: UInt32, columns: Int32) -> UInt32 {
        if scalar < 0x7F { return scalar }
        if let known = characters[scalar] { return known }
        let fits = isUTF8 && cn_width(scalar) == columns
        let result = fits ? scalar : ASCIITwin.of(scalar)
        characters[scalar] = result
        return result
    }

    private mutating func look(of style: Style) -> (pair: Int32, attributes: UInt32) {
        if let known = looks[style] { return known }
        let resolved = table?.resolve(style) ?? ResolvedStyle()
        let colors = ColorPairs.Colors(resolved.foreground, resolved.background)
        var (pair, isNew) = pairs.pair(for: colors)
        if isNew && cn_define_pair(Int32(pair), Int32(colors.foreground), Int32(colors.background)) != 0 { pair = 0 }
        let look = (pair: Int32(pair), attributes: UInt32(resolved.attributes.rawValue))
        looks[style] = look
        return look
    }
}

/// Hands out a terminal's colour pairs, which may be as few as 64.
public struct ColorPairs: Sendable {
    /// Two palette indices, -1 for the terminal's own colour.
    public struct Colors: Hashable, Sendable {
        /// The character's.
        public var foreground: Int
        /// The ground's.
        public var background: Int

        /// Makes a pair of colours from palette indices.
        public init(_ foreground: UInt8?, _ background: UInt8?) {
            self.foreground = foreground.map(Int.init) ?? -1
            self.background = background.map(Int.init) ?? -1
        }
    }

    /// Pairs that can be defined, pair 0 (the terminal's own colours) among them.
    public let capacity: Int
    private var numbers: [Colors: Int] = [:]

    /// Makes an allocator for a terminal with so many pairs.
    public init(capacity: Int) { self.capacity = capacity }

    /// The pair for two colours: 0 for the terminal's own, else one in use for the same colours, else a new one.
    ///
    /// When all are taken: one with the same foreground on the terminal's own ground, else pair 0.
    /// `isNew` says that the terminal must be told what the pair is.
    public mutating func pair(for colors: Colors) -> (number: Int, isNew: Bool) {
        if colors.foreground < 0 && colors.background < 0 { return (0, false) }
        if let number = numbers[colors] { return (number, false) }
        let number = numbers.count + 1
        if number < capacity {
            numbers[colors] = number
            return (number, true)
        }
        var plain = colors
        plain.background = -1
        return (numbers[plain] ?? 0, false)
    }
}

/// What stands for a character on a terminal that cannot show it.
enum ASCIITwin {
    private static let twins: [UInt32: UInt32] = {
        var result: [UInt32: UInt32] = [:]
        for (unicode, ascii) in zip(GlyphSet.unicode.all, GlyphSet.ascii.all) where result[unicode.value] == nil {
            result[unicode.value] = ascii.value
        }
        return result
    }()

    /// The ASCII shape of one of our glyphs, else a question mark.
    static func of(_ scalar: UInt32) -> UInt32 { twins[scalar] ?? 0x3F }
}
