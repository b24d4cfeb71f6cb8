import Planning
import Wording

/// What a plan's operator must say before it is carried out.
struct PlanConsent {
    let plan: Plan
    /// Whether the operator agreed on the command line.
    let yes: Bool
    /// The risks accepted by name.
    let forced: [String]

    /// Whether the operator agrees, by options or by answering.
    ///
    /// - Throws: `CommandError` when a risk is not forced, or nobody is there to be asked.
    func isGiven(ask: (String) -> String?) throws(CommandError) -> Bool {
        for risk in plan.risks where risk.mustBeForced && (risk.node == nil || yes) {
            guard forced.contains(risk.name) else {
                throw CommandError("not done: \(risk.sentence). To do it all the same: --force \(risk.name)")
            }
        }
        if yes { return true }
        guard CommandIO.canAsk else {
            throw CommandError(
                "standard input is not a terminal, so the question cannot be asked: add --yes, or --dry-run")
        }
        let names = namesToType
        guard !names.isEmpty else { return ask("\nType yes to carry this out: ")?.lowercased() == "yes" }
        for name in names {
            guard ask("\nThis can cut clients of \(name) off. Type the node's name to carry it out: ") == name else {
                return false
            }
        }
        return true
    }

    /// The nodes whose clients can be cut off, each once.
    private var namesToType: [String] {
        plan.risks.reduce(into: []) { names, risk in
            if risk.mustBeForced, let node = risk.node, !names.contains(node) { names.append(node) }
        }
    }
}
