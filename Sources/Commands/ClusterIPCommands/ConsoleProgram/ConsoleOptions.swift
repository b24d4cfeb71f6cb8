import ArgumentParser
import Console
import NcursesTerminal

/// How a console looks and what it may do.
struct ConsoleOptions: ParsableArguments {
    @Flag(help: "Start unlocked: plans may be carried out at once. Otherwise :unlock does it.") var operate = false

    @Option(help: ArgumentHelp("A theme's name or file.", valueName: "name|file")) var theme: String?

    @Option(help: "Colours: auto, 256, 16, 8 or never. NO_COLOR is heeded.") var color = TerminalOptions.Color.auto

    @Flag(help: "No colours.") var noColor = false

    @Flag(help: "Draw with ASCII characters only.") var ascii = false

    @Flag(help: "Leave the mouse to the terminal; otherwise clicks and the wheel come to the console.")
    var noMouse = false

    @Flag(help: "Show the journal's times by local time; otherwise they are UTC.") var local = false

    @Option(help: "Seconds between two samples of a node, 0.2 to 60.") var interval = 1.0

    func validate() throws {
        guard (0.2...60).contains(interval) else {
            throw ValidationError("--interval must be 0.2 to 60 seconds, not \(interval)")
        }
    }

    /// What the terminal is opened with.
    var terminal: TerminalOptions { TerminalOptions(color: noColor ? .never : color, ascii: ascii, mouse: !noMouse) }

    /// Whether plans may be carried out from the start.
    var lock: Lock { operate ? .operate : .locked }
}

extension TerminalOptions.Color: ExpressibleByArgument {}
