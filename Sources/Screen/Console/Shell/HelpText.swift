/// The help of a screen, made from the list of commands.
enum HelpText {
    /// A row of the help.
    enum Row: Hashable {
        case heading(String)
        case command(keys: String, help: String)
    }

    /// What applies to a screen, under its headings.
    static func lines(for screen: Screen) -> [Row] {
        var rows: [Row] = []
        for group in [Command.Group.view, .change, .movement, .screens, .program] {
            let commands = Command.all.filter { $0.group == group && $0.applies(to: screen) }
            guard !commands.isEmpty else { continue }
            rows.append(.heading(group == .view ? screen.title : group.rawValue))
            rows += commands.map { command in
                let keys = command.keys.isEmpty ? ":\(command.id.rawValue)" : command.keyLabel
                return .command(keys: keys, help: command.help)
            }
        }
        return rows
    }
}
