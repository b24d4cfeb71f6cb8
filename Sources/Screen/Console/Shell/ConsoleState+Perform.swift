import Canvas
import ClusterModel
import Planning

extension ConsoleState {
    /// Does what a command says; its obstacle was asked before.
    mutating func perform(_ id: CommandID) -> [Effect] {
        switch id {
        case .nodes, .buckets, .flow, .plan, .journal, .findings, .next, .previous:
            open(id)
            return screen == .journal ? [.readJournal] : []
        case .up, .down, .left, .right, .pageup, .pagedown, .top, .bottom: travel(id)
        case .filter: ask(.filter, text: screen == .nodes ? nodes.filter : buckets.filter)
        case .sort: sort(by: nodes.sort.next)
        case .reverse:
            nodes.isReversed.toggle()
            arrangeNodes()
        case .list: nodes.showsLists.toggle()
        case .show: showBuckets()
        case .bucket: ask(.command, text: "bucket ")
        case .mark, .markall, .clearmarks: mark(id)
        case .move: moveSelected()
        case .drain: return askAboutSelected { .drain($0, mode: .graceful) }
        case .restore: return askAboutSelected { .restore($0, mode: .graceful) }
        case .takeover: return askAboutSelected { .takeOver($0, to: nil) }
        case .repair: return ask(.repair)
        case .rebalance: return ask(.rebalance(.count, mode: .graceful))
        case .settle: return ask(.settle(nil))
        case .wait: choose(afterwards.longer)
        case .then: choose(Afterwards(wait: afterwards.wait, resets: !afterwards.resets))
        case .edit: beginTyping()
        case .preview: return askPlan()
        case .execute: return confirmPlan()
        case .cancel: goBack()
        case .stop:
            plan.isStopping = true
            return [.abortExecution]
        case .undo: return askUndo()
        case .finish: return askFinish()
        case .ask: return askNodes()
        case .freeze: toggleFreeze()
        case .refresh: return [.refresh]
        case .copy: return [.copy(safeText(selectionText))]
        case .export: return [.export(screen, format: .json)]
        case .theme: return nextTheme.map { [.setTheme($0)] } ?? []
        case .repaint: return [.repaint]
        case .suspend: return [.suspend]
        case .help: overlay = .help(scroll: 0)
        case .command: ask(.command)
        case .unlock: unlock()
        case .lock: if lock == .operate { lock = .locked }
        case .quit: return quit()
        }
        return []
    }

    private mutating func open(_ id: CommandID) {
        let all = Screen.allCases
        let index = screen.rawValue - 1
        switch id {
        case .next: screen = all[(index + 1) % all.count]
        case .previous: screen = all[(index + all.count - 1) % all.count]
        default: screen = all.first { $0.title.lowercased() == id.rawValue } ?? screen
        }
        if screen == .flow, flow.line.isEmpty { flow.isTyping = true }
    }

    /// Orders the nodes by a column.
    mutating func sort(by column: NodeSort) {
        nodes.sort = column
        arrangeNodes()
    }

    private mutating func toggleFreeze() {
        isFrozen.toggle()
        if !isFrozen, let newest = unseen {
            unseen = nil
            show(newest)
        }
    }

    private mutating func beginTyping() {
        if screen == .flow { flow.isTyping = true } else { ask(.buckets, text: plan.buckets.description) }
    }

    private var nextTheme: String? {
        guard !themes.isEmpty else { return nil }
        return themes[((themes.firstIndex(of: theme) ?? -1) + 1) % themes.count]
    }

    private mutating func unlock() {
        if case .readOnly = lock { return say(lock.reason ?? "", .warning) }
        lock = .operate
        say("unlocked: plans can be executed; :lock forbids it again", .warning)
    }

    private mutating func quit() -> [Effect] {
        guard plan.isExecuting else { return [.quit] }
        overlay = .quitQuestion
        return []
    }

    private mutating func askNodes() -> [Effect] {
        guard let verdict = flowVerdict else { return [] }
        flow.asked = verdict.flow
        flow.replies = nil
        return [.askConnections(verdict.flow)]
    }

    /// Esc takes one thing away at a time.
    private mutating func goBack() {
        switch screen {
        case .nodes: setFilter("")
        case .buckets:
            if buckets.filter.isEmpty { clearMarks() } else { setFilter("") }
        case .plan:
            guard !plan.isExecuting else { return say("press x to stop after the running step", .warning) }
            if plan.phase == .draft { clearMarks() }
            plan.phase = .draft
            plan.scroll = 0
        case .flow, .journal, .findings: break
        }
    }

    /// Forgets all marks, unless the plan made of them is being looked at or executed.
    mutating func clearMarks() {
        if plan.phase.prepared == nil { marks = [] }
        if buckets.filter.contains("marked") { arrangeBuckets() }
    }
}
