import ClusterModel
import Planning
import Responsibility

extension ConsoleState {
    /// The flow that is typed and who answers it; nil while the text is no flow or nothing was heard.
    var flowVerdict: FlowVerdict? {
        guard let snapshot, !flow.line.isEmpty else { return nil }
        let parsed = try? FlowText.parsed(flow.line.text, clusterAddress: snapshot.configuration.address)
        return parsed.map { FlowVerdict($0, snapshot: snapshot) }
    }

    /// Why no plan can be asked for; nil when it can.
    var draftObstacle: String? {
        switch plan.phase {
        case .planning: return "the plan is being worked out"
        case .ready: return "Enter confirms nothing: press Y to execute, Esc to go back"
        case .executing: return executingObstacle
        case .finished: return "the plan has ended: press Esc for a new one"
        case .draft, .refused: break
        }
        if snapshot == nil { return "no node was heard yet" }
        if plan.buckets.isEmpty { return "choose buckets first: press i and type 3,7-9, or mark them on screen 2" }
        return plan.target == nil ? "choose the node that gets the buckets with the left and right keys" : nil
    }

    /// Why no other plan can be made while one is executed or waits, and what ends that; nil when none is.
    var executingObstacle: String? {
        guard plan.isExecuting else { return nil }
        return plan.waiting == nil
            ? "a plan is being executed: wait until it has ended; x on screen 4 stops it"
            : "the last plan still waits: x on screen 4 ends the wait, then plan again"
    }

    /// How the cluster has changed since the plan that is shown was made; nil while it can be executed.
    var staleness: Staleness? {
        guard case .ready(let prepared) = plan.phase, let newest else { return nil }
        return Staleness(prepared.plan, in: newest)
    }

    /// Why the plan cannot be executed; nil when it can.
    var executionObstacle: String? {
        switch plan.phase {
        case .ready: return lock.reason
        case .executing: return "the plan is being executed"
        case .finished: return "the plan has ended: press Esc for a new one"
        case .draft, .planning, .refused: return "there is no plan yet: press Enter to see it first"
        }
    }

    /// Why the last plan, on Journal the selected one, cannot be taken back; nil when it can.
    var undoObstacle: String? {
        if screen == .journal { return recordObstacle }
        if case .finished(_, .refused) = plan.phase { return "nothing was changed: there is nothing to take back" }
        if case .finished = plan.phase { return nil }
        return "there is no finished plan to take back"
    }

    /// Why no wait can be chosen; nil when it can.
    var waitObstacle: String? {
        guard case .ready(let prepared) = plan.phase else { return "there is no plan yet: press Enter to see it first" }
        return prepared.plan.drains.isEmpty ? "no node keeps connections after this plan" : nil
    }

    /// Why it cannot be chosen what follows the wait; nil when it can.
    var deadlineObstacle: String? {
        if let waitObstacle { return waitObstacle }
        return plan.phase.prepared?.afterwards.wait == nil ? "nothing is waited for: press w first" : nil
    }

    /// Why the plan that was stopped, on Journal the selected entry, cannot be completed; nil when it can.
    var finishObstacle: String? {
        if screen == .plan {
            if case .finished(_, .stopped) = plan.phase { return nil }
            return "there is no plan that was stopped"
        }
        if let recordObstacle { return recordObstacle }
        let outcome = selectedEntry?.outcome
        return outcome == .cutOff || outcome == .stopped ? nil : "this entry is \(outcome?.rawValue ?? "none")"
    }

    private var recordObstacle: String? {
        if let executingObstacle { return executingObstacle }
        if snapshot == nil { return "no node was heard yet" }
        guard let entry = selectedEntry else { return "the journal is empty" }
        return entry.plan == nil ? "this entry is \(entry.outcome.rawValue)" : nil
    }

    /// Chooses what follows the plan that is shown.
    mutating func choose(_ afterwards: Afterwards) {
        guard case .ready(var prepared) = plan.phase else { return }
        prepared.afterwards = afterwards
        plan.phase = .ready(prepared)
    }

    /// What is chosen to follow the plan that is shown.
    var afterwards: Afterwards { plan.phase.prepared?.afterwards ?? Afterwards() }

    /// Opens the Plan screen for some buckets; a plan that was shown is given up.
    mutating func openPlan(_ buckets: BucketSet, target: String?) {
        plan.phase = .draft
        plan.scroll = 0
        plan.buckets = buckets
        plan.target = target ?? likelyTarget(for: buckets)
        plan.field = .target
        screen = .plan
    }

    /// The first live node that does not have all of the buckets already.
    func likelyTarget(for buckets: BucketSet) -> String? {
        newest?.nodes.first { $0.state == .live && !buckets.isSubset(of: $0.ownership.accepting) }?.name
    }

    /// Takes the target before or after the present one.
    mutating func stepTarget(by distance: Int) {
        let names = shownNodes.map(\.name)
        guard !names.isEmpty else { return }
        let index = plan.target.flatMap { names.firstIndex(of: $0) }
        plan.target = names[((index ?? (distance > 0 ? -1 : 0)) + distance + names.count) % names.count]
    }

    /// Takes the mode before or after the present one.
    mutating func stepMode(by distance: Int) {
        let all = MoveMode.allCases
        let index = all.firstIndex(of: plan.mode) ?? 0
        plan.mode = all[(index + distance + all.count) % all.count]
    }
}
