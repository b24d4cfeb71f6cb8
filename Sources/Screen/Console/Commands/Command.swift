import Canvas

/// One thing the console can do.
///
/// The footer, the help, the `:` line, the key map and the reference are all made of
/// these.
public struct Command: Sendable {
    /// The heading a command stands under in the help and the reference.
    public enum Group: String, CaseIterable, Sendable {
        case screens = "Screens"
        case movement = "Moving about"
        case view = "This view"
        case change = "Changing the cluster"
        case program = "Program"
    }

    /// Its name behind `:`.
    public let id: CommandID
    /// Its label in the footer: one or two words.
    public let title: String
    /// What it does, one sentence without a full stop.
    public let help: String
    /// The heading it stands under.
    public let group: Group
    /// The keys that invoke it.
    public let keys: [Key]
    /// The screens it applies to; empty: all.
    public let screens: Set<Screen>
    /// What may follow its name behind `:`; nil: nothing.
    public let argument: String?
    /// Its place in the footer, 1 stays longest; nil: not in the footer.
    public let footer: Int?
    /// Why it cannot be used now; nil when it can.
    public let obstacle: @Sendable (ConsoleState) -> String?

    init(
        _ id: CommandID, _ title: String, _ help: String, _ group: Group, _ keys: [Key], on screens: Set<Screen> = [],
        argument: String? = nil, footer: Int? = nil,
        obstacle: @escaping @Sendable (ConsoleState) -> String? = { _ in nil }
    ) {
        self.id = id
        self.title = title
        self.help = help
        self.group = group
        self.keys = keys
        self.screens = screens
        self.argument = argument
        self.footer = footer
        self.obstacle = obstacle
    }

    /// Whether it does anything on a screen.
    public func applies(to screen: Screen) -> Bool { screens.isEmpty || screens.contains(screen) }

    /// The keys as the footer and the help print them: "q", "Up k".
    public var keyLabel: String { keys.map(\.label).joined(separator: " ") }
}
