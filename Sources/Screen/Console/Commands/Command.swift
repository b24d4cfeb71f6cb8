import Canvas

/// One thing that the console can do.
///
/// The key map, the footer, the help, the `:` line and the reference are all made of these values. A screen lists those
/// that apply on it; `everywhere` lists the others.
struct Command: Sendable {
    /// The heading that a command stands under in the help and the reference.
    enum Group: String, CaseIterable, Sendable {
        case screens = "Screens"
        case movement = "Moving about"
        case view = "This view"
        case panes = "Panes"
        case change = "Changing the cluster"
        case program = "Program"
    }

    /// Changes the console, and says what is to be done outside.
    typealias Action = @Sendable (inout ConsoleState) -> [Effect]
    /// Why something cannot be done now, one sentence; nil when it can.
    typealias Obstacle = @Sendable (ConsoleState) -> String?

    /// What is typed behind `:`.
    let name: String
    /// The label in the footer: one or two words.
    let title: String
    /// What it does, one sentence without a full stop.
    let help: String
    /// The heading that it stands under.
    let group: Group
    /// The keys that invoke it.
    let keys: [Key]
    /// Its place in the footer, 1 stays longest; nil: not in the footer.
    let footer: Int?
    /// Why it cannot be used now.
    let obstacle: Obstacle
    /// What may follow its name behind `:`; nil: nothing.
    let arguments: Arguments?
    /// When the footer shows it; nil: while it can be used.
    let isOffered: (@Sendable (ConsoleState) -> Bool)?
    /// What its keys do, and its name with nothing behind it.
    let action: Action

    init(
        _ name: String, title: String? = nil, _ help: String, _ group: Group, _ keys: [Key] = [], footer: Int? = nil,
        unless obstacle: @escaping Obstacle = { _ in nil },
        isOffered: (@Sendable (ConsoleState) -> Bool)? = nil, takes arguments: Arguments? = nil,
        action: @escaping Action
    ) {
        self.name = name
        self.title = title ?? name
        self.help = help
        self.group = group
        self.keys = keys
        self.footer = footer
        self.obstacle = obstacle
        self.isOffered = isOffered
        self.arguments = arguments
        self.action = action
    }

    /// Nothing was heard of the cluster.
    static let needsSnapshot: Obstacle = { $0.snapshot == nil ? "no node was heard yet" : nil }
}

/// All commands, by screen, key and name.
enum CommandTable {
    /// Every command, in the order of the reference, with the screens that it applies on; nil: all screens.
    static let all: [(command: Command, screens: [ScreenID]?)] = {
        var rows: [(command: Command, screens: [ScreenID]?)] = []
        for screen in allScreens {
            for command in screen.commands {
                let same = rows.firstIndex { $0.command.name == command.name && $0.command.help == command.help }
                if let same { rows[same].screens?.append(screen.id) } else { rows.append((command, [screen.id])) }
            }
        }
        rows += Command.everywhere.map { ($0, nil) }
        return Command.Group.allCases.flatMap { group in rows.filter { $0.command.group == group } }
    }()

    private static let byScreen: [ScreenID: [Command]] = Dictionary(
        uniqueKeysWithValues: allScreens.map { screen in
            let commands = screen.commands + Command.everywhere
            return (screen.id, Command.Group.allCases.flatMap { group in commands.filter { $0.group == group } })
        })

    /// The command of each key on each screen.
    static let byKey: [ScreenID: [Key: Command]] = byScreen.mapValues { commands in
        Dictionary(commands.flatMap { command in command.keys.map { ($0, command) } }) { first, second in
            preconditionFailure("\(first.name) and \(second.name) have the same key")
        }
    }

    /// The commands that apply on a screen, the screen's own first under each heading.
    static func commands(on screen: ScreenID) -> [Command] { byScreen[screen] ?? [] }

    /// The command of a name on a screen, or else the first of that name with the screen that it applies on.
    static func command(named name: String, on screen: ScreenID) -> (command: Command, screen: ScreenID)? {
        if let here = commands(on: screen).first(where: { $0.name == name }) { return (here, screen) }
        return all.first { $0.command.name == name }.map { ($0.command, $0.screens?.first ?? screen) }
    }

    /// The names that begin with a text, each once, in the order of the reference.
    static func names(from beginning: String) -> [String] {
        var seen = Set<String>()
        return all.map(\.command.name).filter { $0.hasPrefix(beginning) && seen.insert($0).inserted }
    }
}
