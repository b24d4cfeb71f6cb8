import Canvas

/// Something drawn over the screen that takes the keys.
public enum Overlay: Hashable, Sendable {
    /// The keys of the current screen, scrolled by some lines.
    case help(scroll: Int)
    /// Whether to quit while a plan is executed.
    case quitQuestion
}

extension Painter {
    /// What lies over the screen.
    mutating func overlay(_ overlay: Overlay, in screen: Rect) {
        cursor = nil
        switch overlay {
        case .help(let scroll): help(scroll: scroll, in: screen)
        case .quitQuestion: quitQuestion(in: screen)
        }
    }

    private mutating func help(scroll: Int, in screen: Rect) {
        let rows = HelpText.lines(for: state.screen)
        let keys = rows.reduce(0) { width, row in
            if case .command(let keys, _) = row { max(width, keys.count) } else { width }
        }
        let size = Size(columns: min(keys + 68, screen.columns), rows: min(rows.count + 2, screen.rows))
        let box = screen.centered(size)
        frame(box, title: "Keys on \(state.screen.title)", .dialog)
        let inner = box.inset(box.columns > 20 ? 2 : 1, 1)
        let top = min(scroll, max(rows.count - inner.rows, 0))
        for (index, row) in rows.dropFirst(top).prefix(inner.rows).enumerated() {
            let line = inner.line(index)
            switch row {
            case .heading(let text):
                canvas.put(text, in: line, style: Style(.title, surface: .dialog, attributes: .bold))
            case .sign(let sign):
                let (left, right) = line.splitLeft(min(keys + 4, line.columns / 2))
                canvas.put("  \(sign.glyph(glyphs))", in: left, style: Style(sign.scope, surface: .dialog))
                canvas.put(sign.words, in: right, style: Style(.dialog, surface: .dialog))
            case .command(let label, let help):
                let (left, right) = line.splitLeft(min(keys + 4, line.columns / 2))
                canvas.put("  \(label)", in: left, style: Style(.footerKey, surface: .dialog))
                canvas.put(help, in: right, style: Style(.dialog, surface: .dialog))
            }
        }
        guard rows.count > inner.rows, box.rows >= 3 else { return }
        let note = " \(top + 1)-\(top + inner.rows) of \(rows.count), Down scrolls "
        let bottom = Rect(column: box.column + 2, row: box.maxRow - 1, columns: box.columns - 4, rows: 1)
        canvas.put(note, in: bottom, alignment: .right, style: Style(.textDim, surface: .dialog))
    }

    private mutating func quitQuestion(in screen: Rect) {
        let text = [
            "A plan is being executed.", "Leaving stops it after the running step; it is not taken back.", "",
            "Y  stop it and leave      Esc  stay",
        ]
        let box = screen.centered(Size(columns: 68, rows: 6))
        frame(box, title: "Leave?", .dialogDanger)
        let inner = box.inset(2, 1)
        for (index, line) in text.prefix(inner.rows).enumerated() {
            canvas.put(line, in: inner.line(index), style: Style(.dialogDanger, surface: .dialogDanger))
        }
    }

    private mutating func frame(_ box: Rect, title: String, _ scope: Scope) {
        canvas.fill(box, Style(scope, surface: scope))
        canvas.box(
            box, title: title, style: Style(.borderFocus, surface: scope),
            titleStyle: Style(.title, surface: scope, attributes: .bold), glyphs: glyphs)
    }
}

/// The help of a screen, made from the list of commands.
enum HelpText {
    /// A row of the help.
    enum Row: Hashable {
        case heading(String)
        /// A sign, and what it stands for.
        case sign(SignWord)
        case command(keys: String, help: String)
    }

    /// What applies to a screen, under its headings.
    static func lines(for screen: ScreenID) -> [Row] {
        var rows: [Row] = []
        for group in [Command.Group.view, .change, .movement, .screens, .program] {
            let commands = CommandTable.commands(on: screen).filter { $0.group == group }
            guard !commands.isEmpty else { continue }
            rows.append(.heading(group == .view ? screen.title : group.rawValue))
            rows += commands.map { .command(keys: $0.keyLabel, help: $0.help) }
        }
        return rows + [.heading("Signs")] + SignWord.all.map(Row.sign) + [.heading("Words")] + words
    }

    /// Words of the screens that are not everyday ones.
    private static let words: [Row] = [
        ("accepted", "what a node's table let in; arrived: what reached it"),
        ("replied", "what its host sent back; not every packet wants a reply"),
        ("draining", "keeps its established connections, takes no new ones"),
        ("adopted", "takes all, and resets connections it does not know"),
        ("settle", "to end draining and adopting that moves left behind"),
        ("generation", "a number that grows with every change of a ruleset"),
        ("guard", "keeps a node silent as long as its table is missing"),
    ].map { .command(keys: $0.0, help: $0.1) }
}

/// A sign that screens draw, and what it stands for.
struct SignWord: Hashable, Sendable {
    /// Where it stands in a set of shapes.
    let glyph: @Sendable (GlyphSet) -> Unicode.Scalar
    /// What it stands for.
    let words: String
    let scope: Scope

    private init(_ words: String, _ scope: Scope, _ glyph: @escaping @Sendable (GlyphSet) -> Unicode.Scalar) {
        self.words = words
        self.scope = scope
        self.glyph = glyph
    }

    static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) { hasher.combine(words) }

    /// Every sign, in the order of the help.
    static let all: [SignWord] = [
        SignWord("live, or good", .statusOk) { $0.ok },
        SignWord("being connected to, or not known yet", .statusPending) { $0.pending },
        SignWord("a warning; a node's last word is late", .statusWarn) { $0.warn },
        SignWord("critical; not heard; failed; two owners", .statusError) { $0.error },
        SignWord("a notice, or not known", .statusUnknown) { $0.unknown },
        SignWord("a bucket that the node owns", .bucketOwned) { $0.owned },
        SignWord("a bucket that it drains", .bucketDraining) { $0.draining },
        SignWord("a bucket that it has adopted", .bucketAdopted) { $0.adopted },
        SignWord("an orphan: no node owns the bucket", .bucketOrphan) { $0.orphan },
        SignWord("a bucket of others; nothing is known of this time", .textDim) { $0.empty },
        SignWord("done, marked, as it should be", .planDone) { $0.check },
        SignWord("selected; running", .title) { $0.marker },
        SignWord("a bucket went to another node", .title) { $0.right },
        SignWord("some of the buckets of a cell; the hotter, the fuller", .text) { $0.shades[2] },
    ]
}
