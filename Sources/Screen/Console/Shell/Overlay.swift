import Canvas

/// Something drawn over the screen that takes the keys.
public enum Overlay: Hashable, Sendable {
    /// The keys, signs and words of the current screen.
    case help(HelpView)
    /// The themes, each shown as soon as it is selected.
    case themes(ThemeChoice)
    /// Whether to quit while a plan is executed.
    case quitQuestion
}

extension Painter {
    /// What lies over the screen.
    mutating func overlay(_ overlay: Overlay, in screen: Rect) {
        cursor = nil
        switch overlay {
        case .help(let view): help(view, in: screen)
        case .themes(let choice): themes(choice, in: screen)
        case .quitQuestion: quitQuestion(in: screen)
        }
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

    /// A box over the screen.
    mutating func frame(_ box: Rect, title: String, _ scope: Scope) {
        canvas.fill(box, Style(scope, surface: scope))
        canvas.box(
            box, title: title, style: Style(.borderFocus, surface: scope),
            titleStyle: Style(.title, surface: scope, attributes: .bold), glyphs: glyphs)
    }
}
