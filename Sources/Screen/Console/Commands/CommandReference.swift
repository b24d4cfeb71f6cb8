import Canvas

/// The reference of all commands in Markdown, one table under each heading.
public func commandReference() -> String {
    var text = "# Commands of the console\n"
    for group in Command.Group.allCases {
        text += "\n## \(group.rawValue)\n\n| key | command | where | what it does |\n|---|---|---|---|\n"
        for command in Command.all where command.group == group {
            let keys = command.keys.map { "`\($0.label)`" }.joined(separator: " ")
            let typed = "`:\(command.id.rawValue)\(command.argument.map { " \($0)" } ?? "")`"
            let screens = Screen.allCases.filter(command.screens.contains).map(\.title).joined(separator: ", ")
            let row = [keys, typed, screens.isEmpty ? "everywhere" : screens, command.help]
            text += "| " + row.map(escaped).joined(separator: " | ") + " |\n"
        }
    }
    return text
}

/// Text in a cell of a Markdown table, where a bar would end the cell.
private func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += $1 == "|" ? "\\|" : String($1) }
}
