/// The help of a screen, made from the list of commands.
enum HelpText {
    /// A row of the help.
    enum Row: Hashable {
        case heading(String)
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
        return rows
    }
}
