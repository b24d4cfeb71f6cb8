import Canvas
import ClusterModel

extension Painter {
    /// The last row: a prompt, a notice, or the keys that matter here.
    mutating func footer(_ rect: Rect, above body: Rect) {
        guard !rect.isEmpty else { return }
        canvas.fill(rect, Style(.footer, surface: .footer))
        if let prompt = state.prompt { return self.prompt(prompt, in: rect, above: body) }
        if let notice = state.notice?.text { return self.notice(notice, in: rect) }
        let shown = footerCommands(columns: rect.columns - 2)
        var column = rect.column + 1
        for (key, label, isOff) in shown {
            let point = Point(column: column, row: rect.row)
            let keyStyle = Style(isOff ? .footerDisabled : .footerKey, surface: .footer, attributes: isOff ? [] : .bold)
            let labelStyle = Style(isOff ? .footerDisabled : .footerLabel, surface: .footer)
            column += canvas.put(
                [(key, keyStyle), (" \(label)", labelStyle)], at: point, limit: rect.maxColumn - column)
            column += 2
        }
    }

    private typealias FooterItem = (key: String, label: String, isOff: Bool)

    /// What fits, the most important first.
    private func footerCommands(columns: Int) -> [FooterItem] {
        if state.screen == .flow, state.flow.isTyping {
            return [
                ("Enter", "ask nodes", false), ("Esc", "done", false), ("Ctrl-U", "clear", false),
                ("Tab", "next", false),
            ]
        }
        let ranked = Command.all.filter { $0.footer != nil && $0.applies(to: state.screen) }
            .sorted { ($0.footer ?? 0) < ($1.footer ?? 0) }
        var items: [FooterItem] = []
        var used = 0
        for command in ranked {
            guard let key = command.keys.first?.label else { continue }
            let isOff = command.obstacle(state) != nil
            if isOff, command.id != .execute || !isAsking { continue }
            let width = key.count + 1 + command.title.count + (items.isEmpty ? 0 : 2)
            guard used + width <= columns else { continue }
            used += width
            items.append((key, command.title, isOff))
        }
        return items
    }

    /// A plan is shown and waits for a yes, which is shown even when it cannot be given.
    private var isAsking: Bool {
        if case .ready = state.plan.phase { return true }
        return false
    }

    private mutating func notice(_ notice: Notice, in rect: Rect) {
        let (glyph, scope): (Unicode.Scalar, Scope) =
            switch notice.kind {
            case .information: (glyphs.ok, .statusOk)
            case .warning: (glyphs.warn, .statusWarn)
            case .failure: (glyphs.error, .statusError)
            }
        canvas.put("\(glyph) \(notice.text)", in: rect.inset(1, 0), style: Style(scope, surface: .footer))
    }

    private mutating func prompt(_ prompt: Prompt, in rect: Rect, above body: Rect) {
        canvas.fill(rect, Style(.prompt, surface: .prompt))
        let (label, hint) = promptWords(prompt)
        let used = canvas.put(
            label, at: rect.origin, style: Style(.prompt, surface: .prompt, attributes: .bold), limit: rect.columns)
        let place = Point(column: rect.column + used, row: rect.row)
        input(prompt.line, at: place, limit: rect.columns - used, style: Style(.prompt, surface: .prompt), hint: hint)
        if prompt.purpose == .command {
            candidates(prompt.line.text, in: body.splitBottom(body.rows >= 4 ? 1 : 0).bottom)
        }
        guard let notice = state.notice?.text, body.rows >= 4 else { return }
        let line = body.splitBottom(1).bottom
        canvas.fill(line, Style(.footer, surface: .footer))
        self.notice(notice, in: line)
    }

    private func promptWords(_ prompt: Prompt) -> (label: String, hint: String) {
        switch prompt.purpose {
        case .command:
            let text = prompt.line.text
            let suffix = Completion.suffix(text, state: state)
            let name = CommandID(rawValue: text + suffix)
            let argument = name.flatMap { Command.named($0)?.argument }
            return (":", suffix + (argument.map { " \($0)" } ?? ""))
        case .filter:
            let count =
                state.screen == .nodes
                ? "\(state.nodes.rows.count) of \(state.shownNodes.count)"
                : state.buckets.filterError ?? "\(state.buckets.count(of: state.totalBuckets)) of \(state.totalBuckets)"
            return ("/", "   \(count)")
        case .buckets: return (" buckets: ", prompt.line.isEmpty ? "3,7-9" : "")
        case .confirmation:
            let word = state.plan.phase.prepared?.wordToType(clusterName: state.clusterName) ?? ""
            return (" type \(word) to execute: ", prompt.line.isEmpty ? word : "")
        }
    }

    /// The commands that the typed text may become.
    private mutating func candidates(_ text: String, in rect: Rect) {
        guard !rect.isEmpty, !text.contains(" ") else { return }
        canvas.fill(rect, Style(.footer, surface: .footer))
        let names = Completion.candidates(text).map(\.id.rawValue).joined(separator: "  ")
        canvas.put(
            names.isEmpty ? "no such command" : names, in: rect.inset(1, 0),
            style: Style(.footerLabel, surface: .footer))
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
