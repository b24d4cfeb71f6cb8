import Canvas

/// Which keys invoke which commands: those that commands come with, except where an operator chose others.
public struct KeyMap: Sendable {
    /// Keys that an operator chose for the commands of a name.
    public struct Binding: Hashable, Sendable {
        /// The name, as it is typed behind `:`.
        public var command: String
        /// The keys; none: the command is only typed.
        public var keys: [Key]

        /// A binding from its parts.
        public init(command: String, keys: [Key]) {
            self.command = command
            self.keys = keys
        }
    }

    private var chosen: [String: [Key]] = [:]
    private var byKey: [ScreenID: [Key: Command]]

    /// The keys that commands come with.
    public init() { byKey = CommandTable.byKey }

    /// The keys that commands come with, except for these.
    ///
    /// A key that is chosen for a command is taken from the one that came with it. What means nothing is left out, with a
    /// sentence for each.
    public init(_ bindings: [Binding], problems: inout [String]) {
        let known = Set(CommandTable.names(from: ""))
        for binding in bindings {
            guard known.contains(binding.command) else {
                problems.append("keys: there is no command \"\(binding.command)\"; `?` in the console shows them all")
                continue
            }
            chosen[binding.command] = binding.keys
        }
        byKey = [:]
        for screen in allScreens {
            let commands = CommandTable.commands(on: screen.id)
            var keys: [Key: Command] = [:]
            for command in commands {
                for key in chosen[command.name] ?? [] {
                    if let other = keys[key] {
                        let sentence = "keys: \(key.label) is chosen for \(other.name) and for \(command.name)"
                        if !problems.contains(sentence) { problems.append(sentence) }
                    }
                    keys[key] = command
                }
            }
            for command in commands where chosen[command.name] == nil {
                for key in command.keys where keys[key] == nil { keys[key] = command }
            }
            byKey[screen.id] = keys
        }
    }

    /// The command of a key on a screen; nil when it has none there.
    func command(for key: Key, on screen: ScreenID) -> Command? { byKey[screen]?[key] }

    /// The keys of a command, without those that another one took.
    func keys(of command: Command) -> [Key] {
        let taken = Set(chosen.filter { $0.key != command.name }.flatMap(\.value))
        return (chosen[command.name] ?? command.keys).filter { !taken.contains($0) }
    }

    /// The keys as the help prints them: "q", "Up k"; without keys what is typed: ":unlock".
    func label(of command: Command) -> String {
        let keys = keys(of: command)
        return keys.isEmpty ? ":\(command.name)" : keys.map(\.label).joined(separator: " ")
    }

    /// The bindings that differ from what commands come with, by name.
    public var bindings: [Binding] {
        chosen.sorted { $0.key < $1.key }.map { Binding(command: $0.key, keys: $0.value) }
    }
}
