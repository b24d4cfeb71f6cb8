import ArgumentParser
import NcursesTerminal

/// How a console looks and what it may do; what is not said here the configuration file says.
struct ConsoleOptions: ParsableArguments {
    @Flag(help: "Start unlocked: plans may be carried out at once. Otherwise :unlock does it.") var operate = false

    @Option(help: ArgumentHelp("A theme's name or file.", valueName: "name|file")) var theme: String?

    @Option(help: "Colours: auto, 256, 16, 8 or never. NO_COLOR is heeded.") var color: TerminalOptions.Color?

    @Flag(help: "No colours.") var noColor = false

    @Flag(inversion: .prefixedNo, help: "Draw with ASCII characters only.") var ascii: Bool?

    @Flag(
        inversion: .prefixedNo,
        help: "Clicks and the wheel come to the console, or are left to the terminal.")
    var mouse: Bool?

    @Flag(inversion: .prefixedNo, help: "Show times by local time; otherwise they are UTC.") var local: Bool?

    @Option(help: "Seconds between two samples of a node, 0.2 to 60. Default: 1.") var interval: Double?

    func validate() throws {
        if let interval, !(0.2...60).contains(interval) {
            throw ValidationError("--interval must be 0.2 to 60 seconds, not \(interval)")
        }
    }
}

extension TerminalOptions.Color: ExpressibleByArgument {}
