import Canvas

/// Which command a key invokes on a screen.
public enum KeyMap {
    /// The command of a key; nil when it has none there.
    public static func command(for key: Key, on screen: Screen) -> Command? {
        table[screen]?[key]
    }

    private static let table: [Screen: [Key: Command]] = {
        var table: [Screen: [Key: Command]] = [:]
        for screen in Screen.allCases {
            for command in Command.all where command.applies(to: screen) {
                for key in command.keys {
                    assert(table[screen]?[key] == nil, "\(key.label) has two commands on \(screen)")
                    table[screen, default: [:]][key] = command
                }
            }
        }
        return table
    }()
}
