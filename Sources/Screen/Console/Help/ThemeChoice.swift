import Canvas

/// The choice of a theme: the one that is shown, and the one to go back to.
public struct ThemeChoice: Hashable, Sendable {
    /// The place of the theme that is shown.
    var row: Int
    /// The theme that was in use.
    var before: String
}

extension ConsoleState {
    /// `T`: opens the choice; the next theme is shown at once.
    mutating func chooseTheme() -> [Effect] {
        guard !themes.isEmpty else {
            say("there is no other theme", .information)
            return []
        }
        let choice = ThemeChoice(row: themes.firstIndex(of: theme) ?? 0, before: theme)
        overlay = .themes(choice)
        return press(.down, choosing: choice)
    }

    /// A key while a theme is chosen: every theme is looked at before it is taken.
    mutating func press(_ key: Key, choosing choice: ThemeChoice) -> [Effect] {
        var choice = choice
        switch key {
        case .down, .tab, .character("j"), .character("T"): choice.row += 1
        case .up, .backTab, .character("k"): choice.row += themes.count - 1
        case .enter:
            overlay = nil
            say("the theme is \(theme) until you leave; theme: \(theme) in the configuration keeps it")
            return []
        case .escape, .character("q"):
            overlay = nil
            return choice.before == theme ? [] : [.setTheme(choice.before)]
        default: return []
        }
        choice.row %= max(themes.count, 1)
        overlay = .themes(choice)
        return [.setTheme(themes[choice.row])]
    }
}

extension Painter {
    /// The themes, in a box that leaves most of the screen to be looked at.
    mutating func themes(_ choice: ThemeChoice, in screen: Rect) {
        let names = state.themes
        let width = names.reduce(28) { max($0, displayWidth(of: $1) + 8) }
        let rows = min(names.count + 3, max(screen.rows - 2, 3))
        let box = Rect(
            column: max(screen.maxColumn - width - 2, 0), row: max(screen.maxRow - rows - 1, 0),
            columns: min(width, screen.columns), rows: min(rows, screen.rows))
        frame(box, title: "Theme", .dialog)
        let inner = box.inset(1, 1)
        let visible = max(inner.rows - 1, 1)
        let top = min(max(choice.row - visible + 1, 0), max(names.count - visible, 0))
        for (line, name) in names.dropFirst(top).prefix(visible).enumerated() {
            let isHere = top + line == choice.row
            let surface: Scope = isHere ? .selection : .dialog
            let place = inner.line(line)
            canvas.fill(place, Style(.dialog, surface: surface))
            canvas.put(
                "\(isHere ? String(glyphs.marker) : " ") \(name)", in: place, style: Style(.dialog, surface: surface))
        }
        guard inner.rows >= 2 else { return }
        canvas.put(
            "Enter takes it, Esc not", in: inner.line(inner.rows - 1), style: Style(.textDim, surface: .dialog))
    }
}
