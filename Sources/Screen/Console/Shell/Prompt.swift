/// A question in the last line that the operator is accepting, and what becomes of the answer.
///
/// Whoever asks says all of it: a screen can ask something new without anybody else knowing.
struct Prompt: Sendable {
    /// What is typed.
    var line: InputLine
    /// What stands before the line.
    let label: @Sendable (ConsoleState) -> String
    /// What stands dimmed behind the line: what Tab would add, or an example.
    let hint: @Sendable (String, ConsoleState) -> String
    /// What the text may become, in rows above the line; Tab goes through them.
    var palette: @Sendable (String, ConsoleState) -> [PaletteRow] = { _, _ in [] }
    /// What Tab went through: the text it began with, and the row it is at.
    var cycle: (base: String, index: Int)?
    /// Whether Up and Down bring lines of before.
    var recalls = false
    /// Which of them stands in the line.
    var recalled: Int?
    /// What stands above the line when there are no rows; nil: nothing.
    var candidates: @Sendable (String, ConsoleState) -> String? = { _, _ in nil }
    /// What happens at every change of the line.
    var changed: @Sendable (inout ConsoleState, String) -> Void = { _, _ in }
    /// What Esc does, beside closing the line.
    var cancelled: @Sendable (inout ConsoleState) -> Void = { _ in }
    /// What Enter does; the line is closed then, and may be opened again.
    let accepted: @Sendable (inout ConsoleState, Prompt) -> [Effect]

    init(
        _ text: String = "", label: @escaping @Sendable (ConsoleState) -> String,
        hint: @escaping @Sendable (String, ConsoleState) -> String = { _, _ in "" },
        accepted: @escaping @Sendable (inout ConsoleState, Prompt) -> [Effect]
    ) {
        line = InputLine(text)
        self.label = label
        self.hint = hint
        self.accepted = accepted
    }

    /// What is typed, as text.
    var text: String { line.text }

    /// `:`, a command; it may begin with a text.
    static func command(_ text: String = "") -> Prompt {
        var prompt = Prompt(text, label: { _ in ":" }) { text, console in
            let syntax = CommandLine.syntax(text, console: console)
            return CommandLine.suffix(text, console: console) + (syntax.isEmpty ? "" : " \(syntax)")
        } accepted: {
            $0.run($1.text)
        }
        prompt.palette = { CommandLine.palette($0, console: $1) }
        prompt.recalls = true
        prompt.candidates = { text, _ in text.contains(" ") ? nil : "no such command" }
        return prompt
    }

    /// `/`, a filter of the screen; it works while it is typed.
    static func filter(_ console: ConsoleState) -> Prompt {
        let before = (console.screens[console.screen] as? any FilteredScreen)?.filter ?? ""
        var prompt = Prompt(before, label: { _ in "/" }) { _, console in
            let remark = (console.screens[console.screen] as? any FilteredScreen)?.filterRemark(console)
            return remark.map { "   \($0)" } ?? ""
        } accepted: { _, _ in
            []
        }
        prompt.changed = { $0.setFilter($1) }
        prompt.cancelled = { $0.setFilter(before) }
        return prompt
    }
}

extension ConsoleState {
    /// Opens a prompt.
    mutating func ask(_ prompt: Prompt) { self.prompt = prompt }

    /// Changes the typed line of the prompt.
    mutating func editPrompt(_ edit: (inout InputLine) -> Void) {
        guard var prompt else { return }
        edit(&prompt.line)
        prompt.cycle = nil
        self.prompt = prompt
        prompt.changed(&self, prompt.text)
    }

    /// Esc: the line goes.
    mutating func cancelPrompt() {
        guard let prompt else { return }
        self.prompt = nil
        prompt.cancelled(&self)
    }

    /// Enter: takes the line for what it was asked for.
    mutating func acceptPrompt() -> [Effect] {
        guard let prompt else { return [] }
        self.prompt = nil
        return prompt.accepted(&self, prompt)
    }

    /// Filters the screen, where it can be filtered.
    mutating func setFilter(_ text: String) {
        change(screen) { state, console in
            guard var filtered = state as? any FilteredScreen else { return }
            filtered.filter = text
            filtered.arrange(console)
            state = filtered
        }
    }
}
