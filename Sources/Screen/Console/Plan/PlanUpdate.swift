import ClusterModel
import Planning
import Wording

/// What comes of a plan, and the yes that executes it.
extension ConsoleState {
    /// A plan that comes when none is awaited, since the operator went back, is dropped.
    mutating func takePlan(_ phase: PlanPhase) {
        guard plan.phase == .planning else { return }
        plan.phase = phase
        planScreen.scroll = nil
    }

    /// Notes how far a step is.
    mutating func note(_ progress: StepProgress, step: StepID) {
        guard case .executing(var prepared) = plan.phase else { return }
        prepared.note(progress, step: step)
        plan.phase = .executing(prepared)
    }

    /// Notes what is waited for, and the connections left by node and bucket.
    mutating func note(_ wait: PlanWait?, left: [String: [Int: Int]]) {
        guard plan.isExecuting, let wait else { return plan.waiting = nil }
        if plan.waiting?.wait != wait {
            plan.waiting = ShownWait(wait: wait, end: now + wait.seconds)
            planScreen.scroll = nil
        }
        guard case .connections = wait, !left.isEmpty else { return }
        let most = max(plan.waiting?.most ?? 0, DrainLine.sum(left))
        plan.waiting?.left = left
        plan.waiting?.most = most
    }

    /// The execution ended.
    mutating func finishPlan(_ ending: PlanEnding) {
        guard case .executing(let prepared) = plan.phase else { return }
        plan.phase = .finished(prepared, ending)
        plan.isStopping = false
        plan.waiting = nil
        plan.buckets = []
        planScreen.scroll = nil
        if overlay == .quitQuestion { overlay = nil }
        switch ending.verdict {
        case .completed(let outcome, let left) where outcome.misplaced.isEmpty:
            say(left.first ?? "done: \(prepared.plan.title)", left.isEmpty ? .information : .warning)
        case .completed: say("the kernels do not hold what the plan wanted", .failure)
        case .stopped(let why), .nothingChanged(let why): say(why, .failure)
        }
    }

    /// Chooses what follows the plan that is shown.
    mutating func choose(_ afterwards: Afterwards) -> [Effect] {
        guard case .ready(var prepared) = plan.phase else { return [] }
        prepared.afterwards = afterwards
        plan.phase = .ready(prepared)
        return []
    }

    /// `Y`: asks why, and executes; before that it wants a name typed when a risk must be forced.
    mutating func confirmPlan() -> [Effect] {
        guard case .ready(let prepared) = plan.phase, lock == .operate else { return [] }
        ask(prepared.forcedRisks.isEmpty ? .reason : .confirmation)
        return []
    }

    /// Starts the execution of the plan that is shown; the one way to it.
    fileprivate mutating func execute(because reason: String) -> [Effect] {
        guard case .ready(var prepared) = plan.phase, executionObstacle == nil, lock == .operate else { return [] }
        if !reason.isEmpty { prepared.plan.reason = reason }
        plan.phase = .executing(prepared)
        plan.isStopping = false
        plan.waiting = nil
        return [.execute(prepared.plan, forced: prepared.forcedRisks, afterwards: prepared.afterwards)]
    }

    /// Takes buckets that were typed for the form; what is no set of buckets stays to be mended.
    fileprivate mutating func takeBuckets(_ prompt: Prompt) -> [Effect] {
        let text = prompt.text.filter { $0 != " " }
        do {
            plan.buckets = text.isEmpty ? [] : try BucketSet(parsing: text, total: max(totalBuckets, 1))
            plan.phase = .draft
            planScreen.field = .target
            if plan.target == nil { plan.target = likelyTarget(for: plan.buckets) }
        } catch {
            self.prompt = prompt
            say("\(error)", .failure)
        }
        return []
    }

    /// Takes the word that was typed to execute a plan in spite of its risks.
    fileprivate mutating func takeConfirmation(_ text: String) -> [Effect] {
        guard case .ready(let prepared) = plan.phase, executionObstacle == nil else { return [] }
        let word = prepared.wordToType(clusterName: clusterName)
        if text == word {
            ask(.reason)
            return []
        }
        say("nothing was done: \"\(text)\" is not \(word)", .warning)
        return []
    }
}

extension Prompt {
    /// The buckets of the form.
    static func buckets(_ text: String) -> Prompt {
        Prompt(text, label: { _ in " buckets: " }) { text, _ in
            text.isEmpty ? "3,7-9" : ""
        } accepted: {
            $0.takeBuckets($1)
        }
    }

    /// The word that a dangerous plan wants typed: a node's name or the cluster's.
    fileprivate static let confirmation = Prompt(label: { " type \(word($0)) to execute: " }) { text, console in
        text.isEmpty ? word(console) : ""
    } accepted: {
        $0.takeConfirmation($1.text)
    }

    /// Why the plan is executed, for the journal; it may be left empty.
    fileprivate static let reason = Prompt(label: { _ in " why, for the journal: " }) { text, _ in
        text.isEmpty ? "Enter executes, also without a reason; Esc does not" : ""
    } accepted: {
        let text = $1.text
        return $0.execute(because: String(text.drop { $0 == " " }))
    }

    private static func word(_ console: ConsoleState) -> String {
        console.plan.phase.prepared?.wordToType(clusterName: console.clusterName) ?? ""
    }
}
