import ClusterModel
import Planning
import Wording

extension Command {
    /// Nothing was heard, or another plan is executed or waits.
    static let needsIdlePlan: Obstacle = { $0.executingObstacle ?? needsSnapshot($0) }
}

/// Why something about plans cannot be done now, one sentence each; nil when it can.
extension ConsoleState {
    /// Why no plan can be asked for.
    var draftObstacle: String? {
        switch plan.phase {
        case .planning: return "the plan is being worked out"
        case .ready: return "Enter confirms nothing: press Y to execute, Esc to go back"
        case .executing: return executingObstacle
        case .finished: return "the plan has ended: press Esc for a new one"
        case .draft, .refused: break
        }
        if snapshot == nil { return "no node was heard yet" }
        if marks.isEmpty { return "choose buckets first: press i and type 3,7-9, or mark them on screen 2" }
        return plan.target == nil ? "choose the node that gets the buckets with the left and right keys" : nil
    }

    /// Why no other plan can be made while one is executed or waits, and what ends that.
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

    /// Why the plan cannot be executed.
    var executionObstacle: String? {
        switch plan.phase {
        case .ready: lock.reason
        case .executing: "the plan is being executed"
        case .finished: "the plan has ended: press Esc for a new one"
        case .draft, .planning, .refused: "there is no plan yet: press Enter to see it first"
        }
    }

    /// Why no wait can be chosen.
    var waitObstacle: String? {
        guard case .ready(let prepared) = plan.phase else { return "there is no plan yet: press Enter to see it first" }
        return prepared.plan.drains.isEmpty ? "no node keeps connections after this plan" : nil
    }

    /// Why it cannot be chosen what follows the wait.
    var deadlineObstacle: String? {
        if let waitObstacle { return waitObstacle }
        return plan.afterwards.wait == nil ? "nothing is waited for: press w first" : nil
    }

    /// What would be undone or finished: on Journal the selected entry's plan, or else the one that has ended, or else
    /// the newest of the journal.
    var undoable: Plan? {
        if screen == .journal { return selection.entry?.recoverable }
        return plan.isOver ? plan.phase.prepared?.plan : journal.newestPlan
    }

    /// Why the last plan, on Journal the selected one, cannot be taken back.
    var undoObstacle: String? {
        if screen == .journal { return recordObstacle ?? reversalObstacle }
        if case .finished(_, let ending) = plan.phase, case .nothingChanged = ending.verdict {
            return "nothing was changed: there is nothing to take back"
        }
        if let obstacle = Command.needsIdlePlan(self) { return obstacle }
        if plan.isReady { return "a plan is shown: Esc closes it" }
        return undoable == nil ? "there is no finished plan to take back" : reversalObstacle
    }

    /// Why the cluster as it is now refuses what takes the plan back; nil when it does not, or only the kernels can tell.
    private var reversalObstacle: String? {
        guard let plan = undoable, let newest, plan.membership.isEmpty else { return nil }
        guard plan.moves.contains(where: { $0.from != nil }) else {
            return "\(plan.title): nothing of that can be taken back"
        }
        if screen == .journal, selection.entry?.isUnfinished == true { return nil }
        if case .finished(_, let ending) = self.plan.phase, case .stopped = ending.verdict { return nil }
        // A plan of very many moves is worked out when it is asked for, and not for every picture.
        guard plan.moves.count <= 256 else { return nil }
        do throws(PlanError) { _ = try Planner(snapshot: newest, operation: plan.operation).inverse(of: plan) } catch {
            return error.sentence
        }
        return nil
    }

    /// Why the plan that was stopped, on Journal the selected entry, cannot be completed.
    var finishObstacle: String? {
        if screen == .plan {
            if case .finished(_, let ending) = plan.phase, case .stopped = ending.verdict { return nil }
            return "there is no plan that was stopped"
        }
        if let recordObstacle { return recordObstacle }
        guard let entry = selection.entry else { return "the journal is empty" }
        return entry.isUnfinished ? nil : "this entry is \(entry.outcome.word)"
    }

    private var recordObstacle: String? {
        if let executingObstacle { return executingObstacle }
        if snapshot == nil { return "no node was heard yet" }
        guard let entry = selection.entry else { return "the journal is empty" }
        return entry.recoverable == nil ? "this entry is \(entry.outcome.word)" : nil
    }
}
