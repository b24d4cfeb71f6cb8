import ArgumentParser

/// What `journal undo` and `journal resume` take.
struct SettlingOptions: ParsableArguments {
    @OptionGroup var cluster: ClusterOptions

    @Flag(help: "Carry the plan out without asking.") var yes = false

    @Flag(help: "Show the plan and end.") var dryRun = false

    @Option(help: ArgumentHelp("Carry the plan out in spite of this risk; may be repeated.", valueName: "risk"))
    var force: [String] = []

    @Option(help: ArgumentHelp("Why, for the journal.", valueName: "text")) var reason: String?
}
