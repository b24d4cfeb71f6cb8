import Canvas
import ClusterModel
import Planning

/// Takes one message in and says what is to be done: the only place where the console's state changes.
public func update(_ state: inout ConsoleState, _ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return state.press(key)
    case .paste(let text): return state.paste(text)
    case .resized(let size): state.size = size
    case .snapshot(let snapshot): state.take(snapshot)
    case .nodes(let nodes): state.take(nodes)
    case .tick(let now): state.advance(to: now)
    case .planReady(let plan): if state.plan.isAwaited(plan) { state.takePlan(.ready(PreparedPlan(plan))) }
    case .planRefused(let why): state.takePlan(.refused(why))
    case .planProgress(let step, let progress): state.note(progress, step: step)
    case .planWaiting(let wait, let left): state.note(wait, left: left)
    case .planFinished(let outcome): state.finishPlan(outcome)
    case .connections(let flow, let replies): if state.flow.asked == flow { state.flow.replies = replies }
    case .journal(let entries): state.journal = entries
    case .notice(let notice): state.say(notice.text, notice.kind)
    case .themeChanged(let name): state.theme = name
    case .interrupted: return state.perform(.quit)
    }
    return []
}

extension ConsoleState {
    /// Shows a sentence in the last line for six seconds.
    mutating func say(_ text: String, _ kind: Notice.Kind = .information) {
        notice = (Notice(text, kind: kind), now + 6)
    }

    fileprivate mutating func take(_ snapshot: ClusterSnapshot) {
        snapshotTime = now
        if isFrozen, self.snapshot != nil { unseen = snapshot } else { show(snapshot) }
    }

    /// Nodes of which no settings are known stand on the screen only before the first snapshot.
    fileprivate mutating func take(_ nodes: [NodeStatus]) {
        guard snapshot == nil, nodes.count == expectedNodes.count else { return }
        expectedNodes = nodes
        arrangeNodes()
    }

    fileprivate mutating func advance(to now: Double) {
        guard now.isFinite else { return }
        self.now = now
        if let notice, notice.until <= now { self.notice = nil }
    }

    /// A plan that comes when none is awaited, since the operator went back, is dropped.
    fileprivate mutating func takePlan(_ phase: PlanPhase) {
        guard plan.phase == .planning else { return }
        plan.phase = phase
        plan.scroll = 0
    }

    fileprivate mutating func note(_ progress: StepProgress, step: StepID) {
        guard case .executing(var prepared) = plan.phase else { return }
        prepared.note(progress, step: step)
        plan.phase = .executing(prepared)
    }

    fileprivate mutating func note(_ wait: PlanWait?, left: [String: [Int: Int]]) {
        guard plan.isExecuting, let wait else { return plan.waiting = nil }
        if plan.waiting?.wait != wait {
            plan.waiting = ShownWait(wait: wait, end: now + wait.seconds)
            plan.scroll = 0
        }
        guard case .connections = wait, !left.isEmpty else { return }
        let most = max(plan.waiting?.most ?? 0, DrainLine.sum(left))
        plan.waiting?.left = left
        plan.waiting?.most = most
    }

    fileprivate mutating func finishPlan(_ outcome: PlanOutcome) {
        guard case .executing(let prepared) = plan.phase else { return }
        plan.phase = .finished(prepared, outcome)
        plan.isStopping = false
        plan.waiting = nil
        plan.scroll = 0
        plan.buckets = []
        if overlay == .quitQuestion { overlay = nil }
        switch outcome {
        case .completed(let after, let left) where prepared.misplaced(in: after).isEmpty:
            say(left.first ?? "done: \(prepared.plan.title)", left.isEmpty ? .information : .warning)
        case .completed: say("the kernels do not hold what the plan wanted", .failure)
        case .stopped(let why), .refused(let why): say(why, .failure)
        }
    }

    fileprivate mutating func paste(_ text: String) -> [Effect] {
        if prompt != nil, overlay == nil {
            prompt?.line.insert(text)
            promptChanged()
        } else if screen == .flow, overlay == nil {
            flow.isTyping = true
            flow.line.insert(text)
            flowChanged()
        } else {
            say("pasted text only goes into an input line: press : or / first", .warning)
        }
        return []
    }
}
