import ArgumentParser

/// What every command that makes a plan takes.
struct PlanOptions: ParsableArguments {
    @OptionGroup var cluster: ClusterOptions

    @Flag(help: "Show the plan and end.") var dryRun = false

    @Flag(help: "Carry the plan out without asking.") var yes = false

    @Option(
        help: ArgumentHelp(
            "Carry the plan out in spite of this risk; may be repeated. Risks have names, which the plan prints.",
            valueName: "risk"))
    var force: [String] = []

    @Option(help: ArgumentHelp("Why; it is written down with the plan.", valueName: "text")) var reason: String?

    @Option(help: "table or json.") var format = PlanFormat.table

    func validate() throws {
        guard format == .table || dryRun || yes else {
            throw ValidationError("--format json asks nothing: add --yes, or --dry-run")
        }
        if let reason, reason.utf8.count > 1000 {
            throw ValidationError("--reason has \(reason.utf8.count) bytes; write at most 1000")
        }
    }

    /// What `--help` of those commands ends with.
    static let help = """
        The plan is shown first: every step with what it expects to find, the connections and packets it touches, and its \
        risks by name. A plan that can cut clients off asks for the node's name to be typed, or takes --yes together with \
        --force RISK. Nobody claims a bucket before its owner has released it.

        \(ExitStatus.help)
        """
}

/// How a plan is printed.
enum PlanFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case table
    /// One JSON document, with what became of it when it was carried out.
    case json
}
