import ClusterModel
import Planning
import Wording

/// A plan as people read it before they say yes.
struct PlanText {
    let plan: Plan
    /// What is done when every bucket is where it should be.
    let closing: ClosingOptions?

    /// Prints the plan in a format; as JSON alone only when nothing follows it.
    func print(_ format: PlanFormat, isLast: Bool) throws {
        switch format {
        case .table: CommandIO.print(text)
        case .json: if isLast { CommandIO.print(try JSONText.text(PlanReport(plan, outcome: nil), pretty: true)) }
        case .ndjson:
            let record = ProgressRecord.Whole(event: "plan", plan: PlanReport(plan, outcome: nil))
            CommandIO.print(try JSONText.text(record, pretty: false))
        }
    }

    /// Ownership before and after, the steps, what they touch, the way back, and the risks.
    var text: String {
        var text =
            "plan: \(plan.title)\(plan.moves.isEmpty || !plan.membership.isEmpty ? "" : " (\(plan.mode.rawValue))")\n"
        if let reason = plan.reason { text += "reason: \(reason)\n" }
        text += "\n"
        if !plan.moves.isEmpty { text += table + "\n" }
        for (index, words) in steps.enumerated() { text += "\(index + 1). \(words)\n" }
        let facts =
            (plan.balanceSentence.map { ["imbalance: \($0)"] } ?? []) + plan.impactSentences.map { "touches on \($0)" }
        return text + (facts + inverse + (closing?.sentences(plan) ?? []) + risks).map { $0 + "\n" }.joined()
    }

    private var steps: [String] { plan.steps.map(\.words) }

    private var table: String {
        var table = TextTable([("NODE", .left), ("BEFORE", .left), ("AFTER", .left), ("DRAINING", .left)])
        let after = plan.after
        for node in plan.before.keys.sorted() {
            let (before, later) = (plan.before[node] ?? Ownership(), after[node] ?? Ownership())
            table.add([node, orDash(before.accepting), orDash(later.accepting), orDash(later.draining)])
        }
        return table.text
    }

    /// The way back, a line for each pair of nodes.
    private var inverse: [String] {
        Dictionary(grouping: plan.inverse) { "from \($0.from ?? "-") back to \($0.to)" }.sorted { $0.key < $1.key }
            .map { way, moves in "undo: \(BucketSet(moves.map(\.bucket))) \(way)" }
    }

    private var risks: [String] {
        plan.risks.map { "risk \($0.name): \($0.sentence)\($0.mustBeForced ? " (must be forced)" : "")" }
    }

    private func orDash(_ buckets: BucketSet) -> String { buckets.isEmpty ? "-" : buckets.description }
}
