import ClusterModel
import Planning
import Responsibility

extension ConsoleState {
    /// What `y` copies: one line that says what is selected and can be pasted into a report.
    var selectionText: String {
        switch screen {
        case .nodes:
            guard let node = selectedNode else { return clusterName }
            return "\(node.name) \(node.state.rawValue) owned \(node.ownership.owned)"
        case .buckets:
            let owner = snapshot?.owner(of: buckets.selected)?.name ?? "none"
            return "bucket \(buckets.selected) of \(totalBuckets) owner \(owner)"
        case .flow:
            guard let verdict = flowVerdict, let snapshot else { return flow.line.text }
            let owner = verdict.owner.map { snapshot.nodes[$0].name } ?? "none"
            return "\(flow.line.text) bucket \(verdict.bucket) owner \(owner)"
        case .plan:
            guard let plan = plan.phase.prepared?.plan else { return plan.buckets.description }
            return "\(plan.title) (\(plan.mode.rawValue), operation \(plan.operation))"
        case .journal:
            guard journal.indices.contains(journalCursor.row) else { return "" }
            let entry = journal[journalCursor.row]
            return "\(entry.time) \(entry.actor) \(entry.title) \(entry.outcome.rawValue)"
        case .findings:
            guard let finding = selectedFinding else { return "no findings" }
            return "\(finding.severity.rawValue) \(finding.code): \(finding.evidence)"
        }
    }
}
