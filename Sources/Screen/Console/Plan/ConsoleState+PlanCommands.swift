import ClusterModel
import Planning

extension ConsoleState {
    /// Marks what is selected, or takes the marks away when all of it is marked.
    mutating func mark(_ id: CommandID) {
        guard plan.phase.prepared == nil else {
            return say(executingObstacle ?? "a plan is shown on screen 4: close it with Esc first", .warning)
        }
        switch id {
        case .mark where screen == .nodes:
            guard let index = selectedNodeIndex else { return }
            let own = nodeFacts(index).accepting
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
            if let executingObstacle { say(executingObstacle, .warning) }
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

    /// A request about the selected node, such as to drain it.
    mutating func askAboutSelected(_ request: (String) -> PlanRequest) -> [Effect] {
        guard let node = selectedNode else { return [] }
        return ask(request(node.name))
    }

    /// Asks for the plan of a request, unless another plan is shown or executed.
    mutating func ask(_ request: PlanRequest) -> [Effect] {
        screen = .plan
        guard newest != nil, plan.phase.prepared == nil || isPlanOver else {
            let shown = executingObstacle ?? "close the plan that is shown first, with Esc"
            say(newest == nil ? "no node was heard yet" : shown, .warning)
            return []
        }
        plan.request = request
        plan.phase = .planning
        plan.scroll = 0
        return [.plan(request)]
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
        return ask(.move(plan.buckets, to: target, mode: plan.mode))
    }

    /// `Y`: executes, or wants a name typed when a risk must be forced.
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
        if screen == .journal { return askRecorded { .undo($0) } }
        guard case .finished(let prepared, _) = plan.phase else { return [] }
        return ask(.undo(prepared.plan))
    }

    /// `c`: asks for the plan that completes the one that was stopped, on Journal the selected one.
    mutating func askFinish() -> [Effect] {
        if screen == .journal { return askRecorded { .finish($0) } }
        guard case .finished(let prepared, .stopped) = plan.phase else { return [] }
        return ask(.finish(prepared.plan))
    }

    private mutating func askRecorded(_ request: (Plan) -> PlanRequest) -> [Effect] {
        guard let recorded = selectedEntry?.plan else { return [] }
        return ask(request(recorded))
    }

    /// The selected entry of the journal.
    var selectedEntry: JournalEntry? {
        journal.indices.contains(journalCursor.row) ? journal[journalCursor.row] : nil
    }
}
