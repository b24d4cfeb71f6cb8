import Canvas

/// A line that a typed text may become: a command, or a word behind one.
struct PaletteRow: Hashable, Sendable {
    /// The whole line that it becomes.
    var line: String
    /// How it is written: the name, and what may follow.
    var label: String
    /// The keys that do the same.
    var keys = ""
    /// What it does.
    var help = ""
    /// Why it cannot be done now; nil when it can.
    var obstacle: String?
}

extension CommandLine {
    /// What a text may become, the likeliest first: names that begin with it, then names that have its letters in order, then
    /// commands whose help speaks of it.
    static func palette(_ text: String, console: ConsoleState) -> [PaletteRow] {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count > 1 else { return commands(text.lowercased(), console) }
        let typed = words.last ?? ""
        let head = words.dropLast().joined(separator: " ")
        let all = choices(for: words, console: console)
        let begin = all.filter { $0.hasPrefix(typed) }
        return (begin.isEmpty ? all.filter { $0.contains(typed) } : begin).map {
            PaletteRow(line: "\(head) \($0)", label: $0)
        }
    }

    private static func commands(_ text: String, _ console: ConsoleState) -> [PaletteRow] {
        let names = CommandTable.names(from: "")
        let ranked = names.compactMap { name -> (rank: Int, command: Command)? in
            guard let command = CommandTable.command(named: name, on: console.screen)?.command else { return nil }
            return rank(command, text).map { ($0, command) }
        }
        return ranked.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map { next in
            let command = next.element.command
            let syntax = command.arguments.map { " \($0.syntax)" } ?? ""
            return PaletteRow(
                line: command.name, label: command.name + syntax,
                keys: console.keys.keys(of: command).map(\.label).joined(separator: " "), help: command.help,
                obstacle: command.obstacle(console))
        }
    }

    /// How well a command fits a text, 0 best; nil: not at all.
    private static func rank(_ command: Command, _ text: String) -> Int? {
        if text.isEmpty || command.name == text { return 0 }
        if command.name.hasPrefix(text) { return 1 }
        if command.title.hasPrefix(text) { return 2 }
        var rest = Substring(text)
        for letter in command.name where letter == rest.first { rest.removeFirst() }
        if rest.isEmpty { return 3 }
        let words = command.help.lowercased().split(separator: " ")
        return text.utf8.count >= 3 && words.contains { $0.hasPrefix(text) } ? 4 : nil
    }
}

extension ConsoleState {
    /// Keeps a line that was run, for the keys Up and Down.
    mutating func keep(_ line: String) {
        guard !line.isEmpty else { return }
        typedLines.removeAll { $0 == line }
        typedLines.append(line)
        if typedLines.count > 50 { typedLines.removeFirst() }
    }

    /// Tab in a line: the first thing that it may become, then the next.
    mutating func cyclePrompt(by distance: Int) {
        guard var prompt else { return }
        let base = prompt.cycle?.base ?? prompt.text
        let rows = prompt.palette(base, self)
        guard !rows.isEmpty else { return }
        let last = prompt.cycle?.index ?? (distance > 0 ? -1 : 0)
        let index = (last + distance + rows.count) % rows.count
        prompt.line = InputLine(rows[index].line)
        prompt.cycle = (base, index)
        self.prompt = prompt
        prompt.changed(&self, prompt.text)
    }

    /// Up and Down in a line: the lines that were run before.
    mutating func recallLine(by distance: Int) {
        guard var prompt, prompt.recalls, !typedLines.isEmpty else { return }
        let place = min(max((prompt.recalled ?? typedLines.count) + distance, 0), typedLines.count)
        prompt.recalled = place
        prompt.cycle = nil
        prompt.line = InputLine(typedLines.indices.contains(place) ? typedLines[place] : "")
        self.prompt = prompt
        prompt.changed(&self, prompt.text)
    }
}

extension Painter {
    /// What a typed line may become, in rows that end above the last one.
    mutating func palette(_ prompt: Prompt, above body: Rect) {
        let rows = prompt.palette(prompt.cycle?.base ?? prompt.text, state)
        let room = min(body.rows * 2 / 3, 12)
        guard room > 0, body.rows >= 4 else { return }
        guard !rows.isEmpty else {
            guard let words = prompt.candidates(prompt.text, state) else { return }
            let line = body.splitBottom(1).bottom
            canvas.fill(line, Style(.footer, surface: .footer))
            canvas.put(words, in: line.inset(1, 0), style: Style(.footerLabel, surface: .footer))
            return
        }
        let shown = min(rows.count, room)
        let selected = prompt.cycle?.index ?? 0
        let top = min(max(selected - shown + 1, 0), rows.count - shown)
        let area = body.splitBottom(shown).bottom
        let width = min(rows.reduce(8) { max($0, $1.label.count) } + 2, max(body.columns / 3, 12))
        for (line, row) in rows.dropFirst(top).prefix(shown).enumerated() {
            let place = area.line(line)
            let isHere = prompt.cycle != nil && top + line == selected
            let surface: Scope = isHere ? .selection : .footer
            canvas.fill(place, Style(.text, surface: surface))
            let isOff = row.obstacle != nil
            let inner = place.inset(1, 0)
            let (left, rest) = inner.splitLeft(width)
            let name = Style(isOff ? .footerDisabled : .footerKey, surface: surface, attributes: isOff ? [] : .bold)
            canvas.put(row.label, in: left.splitLeft(width - 1).left, style: name)
            let (keys, help) = rest.splitLeft(rest.columns > 60 ? 10 : 0)
            canvas.put(row.keys, in: keys.splitLeft(9).left, style: Style(.footerLabel, surface: surface))
            let style = Style(isOff ? .footerDisabled : .footerLabel, surface: surface)
            canvas.put(row.obstacle.map { "not now: \($0)" } ?? row.help, in: help, style: style)
        }
        guard rows.count > shown else { return }
        let more = " \(rows.count - shown) more, Tab goes on "
        canvas.put(more, in: area.line(shown - 1), alignment: .right, style: Style(.textDim, surface: .footer))
    }
}
