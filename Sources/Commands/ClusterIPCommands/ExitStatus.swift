/// The exit statuses of every command, as `--help` and the documentation list them.
enum ExitStatus: Int32 {
    /// All was done as asked.
    case done = 0
    /// It could not be done; the sentence on standard error says why. Nothing was changed.
    case failed = 1
    /// Part of it was done: some input lines were bad, or some steps of a plan did not succeed.
    case partly = 2
    /// The operator said no, or stopped it; nothing was changed.
    case declined = 3
    /// Ctrl-C ended the reading of input; what was known by then was printed.
    case interrupted = 130

    /// What `--help` prints of them.
    static let help =
        "Exit status: 0 done; 1 not done, nothing changed, one sentence on standard error says why; "
        + "2 partly done (bad input lines, steps that failed); 3 declined by you; 64 wrong usage; "
        + "130 stopped by Ctrl-C, what was known by then was printed."
}
