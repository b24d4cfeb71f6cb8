import Canvas
import ClusterModel

extension Painter {
    /// The last row: a prompt, a notice, or the keys that matter here.
    mutating func footer(_ rect: Rect, above body: Rect) {
        guard !rect.isEmpty else { return }
        canvas.fill(rect, Style(.footer, surface: .footer))
        if let prompt = state.prompt { return self.prompt(prompt, in: rect, above: body) }
        if let notice = state.notice?.text { return self.notice(notice, endingIn: rect, above: body) }
        let shown = footerCommands(columns: rect.columns - 2)
        var column = rect.column + 1
        for (key, label, isOff, press) in shown {
            let point = Point(column: column, row: rect.row)
            let keyStyle = Style(isOff ? .footerDisabled : .footerKey, surface: .footer, attributes: isOff ? [] : .bold)
            let labelStyle = Style(isOff ? .footerDisabled : .footerLabel, surface: .footer)
            let used = canvas.put(
                [(key, keyStyle), (" \(label)", labelStyle)], at: point, limit: rect.maxColumn - column)
            if let press {
                target(Rect(column: column, row: rect.row, columns: used, rows: 1), .key(press))
            }
            column += used + 2
        }
    }

    private typealias FooterItem = (key: String, label: String, isOff: Bool, press: Key?)

    /// What fits, the most important first.
    private func footerCommands(columns: Int) -> [FooterItem] {
        if let keys = state.screens[state.screen].typingKeys() { return keys.map { ($0.key, $0.title, false, nil) } }
        let ranked = CommandTable.commands(on: state.screen).filter { $0.footer != nil }
            .sorted { ($0.footer ?? 0) < ($1.footer ?? 0) }
        var items: [FooterItem] = []
        var used = 0
        for command in ranked {
            guard let press = state.keys.keys(of: command).first else { continue }
            let key = press.label
            let isOff = command.obstacle(state) != nil
            guard command.isOffered?(state) ?? !isOff else { continue }
            let width = key.count + 1 + command.title.count + (items.isEmpty ? 0 : 2)
            guard used + width <= columns else { continue }
            used += width
            items.append((key, command.title, isOff, press))
        }
        return items
    }

    /// The whole sentence, however narrow the screen is: what does not fit in the last row goes on from the rows above.
    private mutating func notice(_ notice: Notice, endingIn rect: Rect, above body: Rect) {
        let (glyph, scope): (Unicode.Scalar, Scope) =
            switch notice.kind {
            case .information: (glyphs.ok, .statusOk)
            case .warning: (glyphs.warn, .statusWarn)
            case .failure: (glyphs.error, .statusError)
            }
        let text = Wrap.lines(notice.text, columns: rect.columns - 4).prefix(1 + max(body.rows / 2, 0))
        let area = Rect(
            column: rect.column, row: rect.row - text.count + 1, columns: rect.columns, rows: text.count)
        canvas.fill(area, Style(.footer, surface: .footer))
        for (index, line) in text.enumerated() {
            let sign = index == 0 ? "\(glyph) " : "  "
            canvas.put(sign + line, in: area.line(index).inset(1, 0), style: Style(scope, surface: .footer))
        }
    }

    private mutating func prompt(_ prompt: Prompt, in rect: Rect, above body: Rect) {
        canvas.fill(rect, Style(.prompt, surface: .prompt))
        let used = canvas.put(
            prompt.label(state), at: rect.origin, style: Style(.prompt, surface: .prompt, attributes: .bold),
            limit: rect.columns)
        let place = Point(column: rect.column + used, row: rect.row)
        input(
            prompt.line, at: place, limit: rect.columns - used, style: Style(.prompt, surface: .prompt),
            hint: prompt.hint(prompt.text, state))
        palette(prompt, above: body)
        guard let notice = state.notice?.text, body.rows >= 4 else { return }
        self.notice(notice, endingIn: body.splitBottom(1).bottom, above: body)
    }

    /// A line being typed, scrolled so that its cursor is visible, and what it might become.
    mutating func input(_ line: InputLine, at point: Point, limit: Int, style: Style, hint: String = "") {
        guard limit > 0 else { return }
        let head = String(line.characters[..<line.cursor])
        var skipped = 0
        while displayWidth(of: String(head.dropFirst(skipped))) > limit - 1, skipped < line.cursor { skipped += 1 }
        let visible = String(line.characters[skipped...])
        let used = canvas.put(visible, at: point, style: style, limit: limit)
        canvas.put(
            hint, at: Point(column: point.column + used, row: point.row),
            style: Style(.suggestion, surface: style.surface), limit: limit - used)
        cursor = Point(column: point.column + displayWidth(of: String(head.dropFirst(skipped))), row: point.row)
    }
}
