import Canvas

/// The reference of all commands in Markdown, one table under each heading.
public func commandReference() -> String {
    var text = """
        # Commands of the console

        Keys work on the screens named beside them. While a line is typed (a command, a filter, a flow, a word that a
        plan wants), keys go to that line; Esc leaves it.

        """
    for group in Command.Group.allCases {
        text += "\n## \(group.rawValue)\n\n| key | command | where | what it does |\n|---|---|---|---|\n"
        for (command, screens) in CommandTable.all where command.group == group {
            let keys = command.keys.map { "`\($0.label)`" }.joined(separator: " ")
            let typed = "`:\(command.name)\(command.arguments.map { " \($0.syntax)" } ?? "")`"
            let places = screens?.map(\.title).joined(separator: ", ") ?? "everywhere"
            text += "| " + [keys, typed, places, command.help].map(escaped).joined(separator: " | ") + " |\n"
        }
    }
    return text
}

/// Text in a cell of a Markdown table, where a bar would end the cell.
private func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += $1 == "|" ? "\\|" : String($1) }
}
