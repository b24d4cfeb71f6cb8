import Canvas
import ClusterModel
import Planning

/// Takes one message in and says what is to be done: the only place where the console's state changes.
public func update(_ state: inout ConsoleState, _ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return state.press(key)
    case .mouse(let event): return state.take(event)
    case .paste(let text): return state.paste(text)
    case .resized(let size): state.size = size
    case .snapshot(let snapshot): state.take(snapshot)
    case .nodes(let nodes): state.take(nodes)
    case .tick(let now, let day):
        state.advance(to: now, day: day)
        return state.keepEvents()
    case .ending: return state.keepEvents(isEnding: true)
    case .kept(let records): state.takeKept(records)
    case .planReady(let plan): if state.plan.isAwaited(plan) { state.takePlan(.ready(PreparedPlan(plan))) }
    case .planRefused(let why): state.takePlan(.refused(why))
    case .planProgress(let step, let progress): state.note(progress, step: step)
    case .planWaiting(let wait, let left): state.note(wait, left: left)
    case .planFinished(let outcome): state.finishPlan(outcome)
    case .connections(let flow, let replies): state.flow.take(replies, about: flow)
    case .journal(let entries, let clock):
        (state.journal.all, state.journal.clock) = (entries, clock)
        state.change(.journal) { $0.arrange($1) }
        state.takeOperations(entries)
    case .clusters(let summaries, let front): state.takeClusters(summaries, front: front)
    case .notice(let notice): state.say(notice.text, notice.kind)
    case .themeChanged(let name): state.theme = name
    case .interrupted: return state.quit()
    }
    return []
}

extension ConsoleState {
    fileprivate mutating func take(_ snapshot: ClusterSnapshot) {
        snapshotTime = now
        chronicle.take(snapshot, at: wall)
        var snapshot = snapshot
        if !chronicle.isJudging { snapshot.findings.removeAll(where: \.isPremature) }
        if isFrozen, self.snapshot != nil { unseen = snapshot } else { show(snapshot) }
    }

    /// Nodes of which no settings are known stand on the screen only before the first snapshot.
    fileprivate mutating func take(_ nodes: [NodeStatus]) {
        guard snapshot == nil, nodes.count == expectedNodes.count else { return }
        expectedNodes = nodes
        changeAll { $0.arrange($1) }
    }

    fileprivate mutating func advance(to now: Double, day: Double?) {
        guard now.isFinite else { return }
        self.now = now
        if let day, day.isFinite { clock.offset = day - now }
        remember()
        if let lockTime, lockTime <= now { relock() }
        if let notice, notice.until <= now { self.notice = nil }
    }

    /// Notes the last second, also while the screen is frozen.
    private mutating func remember() {
        guard let newest, !isSilent else { return }
        past.take(newest, unseen == nil ? facts : ClusterFacts(newest), at: wall)
    }
}

extension Finding {
    /// Whether it tells of buckets that a node may still own of which nothing was heard yet.
    fileprivate var isPremature: Bool {
        if case .coverage(.orphan) = kind { true } else { false }
    }
}
