import ClusterModel
import Planning

extension ConsoleState {
    /// Marks what is selected, or takes the marks away when all of it is marked.
    mutating func mark(_ id: CommandID) {
        guard plan.phase.prepared == nil else {
            return say("a plan is shown on screen 4: close it with Esc first", .warning)
        }
        switch id {
        case .mark where screen == .nodes:
            guard let index = selectedNodeIndex else { return }
            let own = nodeFacts(index).answering
            guard !own.isEmpty else { return say("\(shownNodes[index].name) owns no bucket", .warning) }
            marks = own.isSubset(of: marks) ? marks.subtracting(own) : marks.union(own)
        case .mark:
            if marks.contains(buckets.selected) {
                marks.remove(buckets.selected)
            } else {
                marks.insert(buckets.selected)
            }
            travel(.right)
        case .markall: marks = marks.union(buckets.shown.map { BucketSet($0) } ?? BucketSet(1...max(totalBuckets, 1)))
        default: clearMarks()
        }
        if plan.phase != .planning { plan.phase = .draft }
    }

    /// `m`: the marked buckets, or the selected one; on Nodes to the selected node.
    mutating func moveSelected() {
        guard plan.phase.prepared == nil || isPlanOver else {
            screen = .plan
            return
        }
        if screen == .nodes {
            guard !marks.isEmpty else {
                return say("mark buckets first (space, here or on screen 2), or press d to drain this node", .warning)
            }
            openPlan(marks, target: selectedNode?.name)
        } else {
            openPlan(marks.isEmpty ? [buckets.selected] : marks, target: nil)
        }
    }

    private var isPlanOver: Bool {
        if case .finished = plan.phase { return true }
        return false
    }

    /// `d`: every bucket of the selected node to the first other live one.
    mutating func drainSelected() {
        guard let index = selectedNodeIndex else { return }
        let name = shownNodes[index].name
        let own = nodeFacts(index).answering
        guard !own.isEmpty else { return say("\(name) owns no bucket", .warning) }
        guard let target = newest?.nodes.first(where: { $0.state == .live && $0.name != name }) else {
            return say("there is no other live node that could take \(name)'s buckets", .warning)
        }
        openPlan(own, target: target.name)
    }

    /// Enter on Nodes: the node's buckets; on Findings: the finding's.
    mutating func showBuckets() {
        switch screen {
        case .nodes:
            guard let node = selectedNode else { return }
            buckets.filter = "owner=\(node.name)"
        default:
            guard let finding = selectedFinding else { return }
            guard !finding.buckets.isEmpty else { return say("this finding is about no bucket", .warning) }
            buckets.filter = finding.buckets.description
        }
        screen = .buckets
        arrangeBuckets()
    }

    /// The selected finding.
    var selectedFinding: Finding? {
        guard let findings = snapshot?.findings, findings.indices.contains(findingCursor.row) else { return nil }
        return findings[findingCursor.row]
    }

    /// Asks for the plan of the form.
    mutating func askPlan() -> [Effect] {
        guard let target = plan.target else { return [] }
        let request = PlanRequest(buckets: plan.buckets, target: target, mode: plan.mode)
        plan.request = request
        plan.phase = .planning
        return [.plan(request)]
    }

    /// `Y`: executes, or wants the cluster's name typed when a risk must be forced.
    mutating func confirmPlan() -> [Effect] {
        guard case .ready(let prepared) = plan.phase, lock == .operate else { return [] }
        if !prepared.forcedRisks.isEmpty {
            ask(.confirmation)
            return []
        }
        return execute(prepared)
    }

    /// `u`: asks for the inverse of the finished plan, on Journal of the selected one.
    mutating func askUndo() -> [Effect] {
        if screen == .journal { return askRecorded { .planUndo($0) } }
        guard case .finished(let prepared, _) = plan.phase else { return [] }
        plan.request = nil
        plan.phase = .planning
        return [.planUndo(prepared.plan)]
    }

    /// `c` on Journal: asks for the plan that completes the selected one.
    mutating func askFinish() -> [Effect] { askRecorded { .planFinish($0) } }

    private mutating func askRecorded(_ effect: (Plan) -> Effect) -> [Effect] {
        guard let recorded = selectedEntry?.plan else { return [] }
        screen = .plan
        plan.request = nil
        plan.scroll = 0
        plan.phase = .planning
        return [effect(recorded)]
    }

    /// The selected entry of the journal.
    var selectedEntry: JournalEntry? {
        journal.indices.contains(journalCursor.row) ? journal[journalCursor.row] : nil
    }
}
