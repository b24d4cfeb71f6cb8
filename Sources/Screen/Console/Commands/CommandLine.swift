import ClusterModel

/// The line behind `:`: what is typed becomes a command and what follows it, once.
enum CommandLine {
    /// What Tab adds to a text; "" when nothing can be added.
    static func suffix(_ text: String, console: ConsoleState) -> String {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard let last = words.last, !last.isEmpty else { return "" }
        let choices = words.count == 1 ? CommandTable.names(from: last) : choices(for: words, console: console)
        guard let first = choices.first(where: { $0.hasPrefix(last) && $0 != last }) else { return "" }
        return String(first.dropFirst(last.count))
    }

    static func choices(for words: [String], console: ConsoleState) -> [String] {
        guard let arguments = CommandTable.command(named: words[0], on: console.screen)?.command.arguments,
            let last = arguments.choices.last
        else { return [] }
        let place = words.count - 2
        return (arguments.choices.indices.contains(place) ? arguments.choices[place] : last)(console)
    }

    /// How the rest of a line is written whose command is typed whole, or would be after Tab; "" when it takes nothing.
    static func syntax(_ text: String, console: ConsoleState) -> String {
        let name = text + suffix(text, console: console)
        return CommandTable.command(named: name, on: console.screen)?.command.arguments?.syntax ?? ""
    }
}

extension ConsoleState {
    /// Runs a line typed behind `:`; a command that another screen has is run there.
    mutating func run(_ line: String) -> [Effect] {
        let words = line.split(separator: " ").map(String.init)
        guard let first = words.first else { return [] }
        keep(words.joined(separator: " "))
        guard let name = Self.commandName(first), let found = CommandTable.command(named: name, on: screen) else {
            let near = CommandLine.palette(first, console: self).first.map { "do you mean :\($0.line)?" }
            say("there is no command \"\(first)\": \(near ?? "type : and Tab, or press ? for help")", .failure)
            return []
        }
        let command = found.command
        guard words.count > 1 else {
            screen = found.screen
            return perform(command)
        }
        if let obstacle = command.obstacle(self) {
            say(obstacle, .warning)
            return []
        }
        guard let arguments = command.arguments else {
            say(":\(name) takes nothing behind it", .failure)
            return []
        }
        do throws(ArgumentError) {
            let action = try arguments.read(Array(words.dropFirst()), self)
            screen = found.screen
            return action(&self)
        } catch {
            say(error.text, .failure)
            return []
        }
    }

    /// Does what a command's keys do, unless something is in its way.
    mutating func perform(_ command: Command) -> [Effect] {
        if let obstacle = command.obstacle(self) {
            say(obstacle, .warning)
            return []
        }
        return command.action(&self)
    }

    /// The command of a name, or of a beginning that only one name has; `q` is quit.
    private static func commandName(_ typed: String) -> String? {
        let names = CommandTable.names(from: typed)
        return typed == "q" ? "quit" : names.first { $0 == typed } ?? (names.count == 1 ? names[0] : nil)
    }
}
