import Canvas

/// The help as it is read: how far it is scrolled, and what is looked for.
public struct HelpView: Hashable, Sendable {
    /// The first visible line.
    var scroll = 0
    /// What is looked for.
    var query = InputLine()
    /// Whether keys go to that line.
    var isTyping = false

    /// The help from its beginning.
    public init() {}
}

/// The help laid out in columns of lines.
struct HelpLayout {
    /// A line, and the columns that its labels take.
    private(set) var lines: [Line] = []
    /// Where the box stands.
    let box: Rect
    /// How many columns of text stand side by side.
    let count: Int
    /// Cells of such a column.
    let width: Int

    /// The width that a column of text has where there is room.
    private static let best = 76

    init(_ rows: [HelpText.Row], in screen: Rect, glyphs: GlyphSet) {
        let room = max(screen.columns - 4, 1)
        let label = rows.reduce(0) { width, row in
            if case .entry(let label, _) = row { max(width, displayWidth(of: label)) } else { width }
        }
        let most = max(min(room / Self.best, 4), 1)
        var choice = (count: 1, width: min(room, Self.best), lines: [Line]())
        for count in 1...most {
            let width = count == 1 ? min(room, Self.best) : min((room - 2 * (count - 1)) / count, Self.best)
            choice = (count, width, Self.lines(rows, label: min(label, 18), width: width, glyphs))
            if choice.lines.count <= count * (screen.rows - 2) { break }
        }
        (count, width, lines) = choice
        let height = (lines.count + count - 1) / count + 2
        box = screen.centered(
            Size(columns: count * width + 2 * (count - 1) + 4, rows: min(max(height, 3), screen.rows)))
    }

    /// How many lines are seen at once.
    var visible: Int { max(box.rows - 2, 1) * count }

    private static func lines(_ rows: [HelpText.Row], label: Int, width: Int, _ glyphs: GlyphSet) -> [Line] {
        rows.flatMap { row -> [Line] in
            switch row {
            case .heading(let text): return [Line(text, .title, .bold)]
            case .sign(let sign):
                var line = Line("  ")
                line.add("\(sign.glyph(glyphs))", sign.scope)
                line.add(String(repeating: " ", count: label + 1))
                line.hangHere()
                line.add(sign.words, .dialog)
                return line.wrapped(columns: width)
            case .entry(let name, let help):
                var line = Line("  ")
                line.add(Pad.left(name, label), .footerKey)
                line.add("  ")
                line.hangHere()
                line.add(help, .dialog)
                return line.wrapped(columns: width)
            }
        }
    }
}

extension ConsoleState {
    /// A key while the help is read; `/` looks for words, as everywhere.
    mutating func pressInHelp(_ key: Key, _ view: HelpView) {
        var view = view
        defer { if overlay != nil { overlay = .help(view) } }
        if view.isTyping {
            switch key {
            case .enter: view.isTyping = false
            case .escape: (view.isTyping, view.query) = (false, InputLine())
            case .backspace where view.query.isEmpty: view.isTyping = false
            default: if view.query.edit(key) { view.scroll = 0 }
            }
            return
        }
        let rows = HelpText.rows(for: self, query: view.query.text)
        let layout = HelpLayout(rows, in: Rect(size), glyphs: .unicode)
        let last = max(layout.lines.count - layout.visible, 0)
        switch key {
        case .up, .character("k"): view.scroll = max(view.scroll - 1, 0)
        case .down, .character("j"): view.scroll = min(view.scroll + 1, last)
        case .pageUp: view.scroll = max(view.scroll - 10, 0)
        case .pageDown, .character(" "): view.scroll = min(view.scroll + 10, last)
        case .home: view.scroll = 0
        case .end: view.scroll = last
        case .character("/"): view.isTyping = true
        case .escape where !view.query.isEmpty: view.query = InputLine()
        case .escape, .enter, .character("q"), .character("?"), .function(1): overlay = nil
        default: break
        }
    }
}

extension Painter {
    /// The help over the screen.
    mutating func help(_ view: HelpView, in screen: Rect) {
        let rows = HelpText.rows(for: state, query: view.query.text)
        let layout = HelpLayout(rows, in: screen, glyphs: glyphs)
        let box = layout.box
        frame(box, title: "Help on \(state.screen.title)", .dialog)
        let inner = box.inset(box.columns > 20 ? 2 : 1, 1)
        let top = max(min(view.scroll, layout.lines.count - layout.visible), 0)
        for (index, line) in layout.lines.dropFirst(top).prefix(layout.visible).enumerated() {
            let (column, row) = (index / max(inner.rows, 1), index % max(inner.rows, 1))
            let place = Rect(
                column: inner.column + column * (layout.width + 2), row: inner.row + row, columns: layout.width, rows: 1
            )
            putOnDialog(line, in: place.intersection(inner))
        }
        if layout.lines.isEmpty {
            canvas.put("nothing here has these words", in: inner.line(0), style: Style(.textDim, surface: .dialog))
        }
        guard box.rows >= 3 else { return }
        let bottom = Rect(column: box.column + 2, row: box.maxRow - 1, columns: box.columns - 4, rows: 1)
        search(view, in: bottom)
        guard layout.lines.count > layout.visible else { return }
        let note = " lines \(top + 1)-\(min(top + layout.visible, layout.lines.count)) of \(layout.lines.count) "
        canvas.put(note, in: bottom, alignment: .right, style: Style(.textDim, surface: .dialog))
    }

    /// What is looked for, in the lower edge of the box.
    private mutating func search(_ view: HelpView, in rect: Rect) {
        guard view.isTyping || !view.query.isEmpty else {
            canvas.put(" / finds, Esc closes ", in: rect, style: Style(.textDim, surface: .dialog))
            return
        }
        let used = canvas.put(" /", at: rect.origin, style: Style(.prompt, surface: .dialog, attributes: .bold))
        let place = Point(column: rect.column + used, row: rect.row)
        input(
            view.query, at: place, limit: max(rect.columns / 2, 1), style: Style(.prompt, surface: .dialog),
            hint: view.isTyping ? " " : " ")
        if !view.isTyping { cursor = nil }
    }

    private mutating func putOnDialog(_ line: Line, in rect: Rect) {
        var onDialog = line
        for index in onDialog.runs.indices { onDialog.runs[index].style.surface = .dialog }
        put(onDialog, in: rect)
    }
}
