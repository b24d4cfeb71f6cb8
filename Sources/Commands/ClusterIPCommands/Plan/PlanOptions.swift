import ArgumentParser

/// What every command that makes a plan takes.
struct ConsentOptions: ParsableArguments {
    @OptionGroup var cluster: ClusterOptions

    @Flag(help: "Show the plan and end.") var dryRun = false

    @Flag(help: "Carry the plan out without asking.") var yes = false

    @Option(
        help: ArgumentHelp(
            "Carry the plan out in spite of this risk; may be repeated. Risks have names, which the plan prints.",
            valueName: "risk"))
    var force: [String] = []

    @Option(help: ArgumentHelp("Why; it is written down with the plan.", valueName: "text")) var reason: String?

    @Option(help: "table; json: one document at the end; ndjson: a line for the plan, for each step and for progress.")
    var format = PlanFormat.table

    func validate() throws {
        guard format == .table || dryRun || yes else {
            throw ValidationError("--format \(format.rawValue) asks nothing: add --yes, or --dry-run")
        }
        if let reason, reason.utf8.count > 1000 {
            throw ValidationError("--reason has \(reason.utf8.count) bytes; write at most 1000")
        }
    }
}

/// What every command takes whose plan moves buckets.
struct PlanOptions: ParsableArguments {
    @OptionGroup var consent: ConsentOptions

    @OptionGroup var closing: ClosingOptions

    /// What `--help` of those commands ends with.
    static let help = """
        The plan is shown first: every step with what it expects to find, the connections and packets it touches, and its \
        risks by name. A plan that can cut clients off asks for the node's name to be typed, or takes --yes together with \
        --force RISK. Nobody claims a bucket before its owner has released it.

        Ctrl-C stops between steps and asks whether to finish or to undo; a second one leaves at once, and \
        `clusterip journal` tells what is left. During --wait it ends the wait: buckets drain on.

        \(ExitStatus.help)
        """
}

/// How a plan is printed.
enum PlanFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case table
    /// One JSON document, with what became of it when it was carried out.
    case json
    /// One JSON object a line, as things happen; `event` is plan, step, draining, settling or result.
    case ndjson
}
