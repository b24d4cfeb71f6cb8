import ClusterModel
import Planning

/// A plan as people read it before they say yes.
struct PlanText {
    let plan: Plan

    /// Ownership before and after, the steps, and the risks.
    var text: String {
        var table = TextTable([("NODE", .left), ("BEFORE", .left), ("AFTER", .left), ("DRAINING", .left)])
        let after = plan.after
        for node in plan.before.keys.sorted() {
            let (before, later) = (plan.before[node] ?? Ownership(), after[node] ?? Ownership())
            table.add([
                node, orDash(before.answering), orDash(later.answering), orDash(later.draining),
            ])
        }
        var text = "plan: \(plan.title) (\(plan.mode.rawValue))\n\n" + table.text + "\n"
        for (index, step) in plan.steps.enumerated() { text += "\(index + 1). \(Self.words(step))\n" }
        for risk in plan.risks { text += "risk \(risk.name): \(risk.text)\n" }
        return text
    }

    /// A step in words: "node1 releases 3,7: owned → draining".
    static func words(_ step: PlanStep) -> String {
        let buckets = BucketSet(step.request.changes.map(\.bucket))
        let states = Set(
            step.request.changes.map { "\($0.from?.rawValue ?? "not owned") → \($0.to?.rawValue ?? "not owned")" })
        let verb = step.purpose == .release ? "releases" : "claims"
        let after = step.after.isEmpty ? "" : ", after \(step.after.sorted().joined(separator: " and ")) has released"
        return "\(step.node) \(verb) \(buckets): \(states.sorted().joined(separator: ", "))\(after)"
    }

    private func orDash(_ buckets: BucketSet) -> String { buckets.isEmpty ? "-" : buckets.description }
}
