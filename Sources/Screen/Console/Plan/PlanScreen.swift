import Canvas
import ClusterModel
import Planning
import Wording

/// The Plan screen: the form of a move, the plan that came of a request, how far it is carried out, how it ended.
struct PlanScreen: Screen {
    static let title = "Plan"
    static let help = "Show the plan being made or executed"

    /// A line of the form that can be selected.
    enum Field: Int, CaseIterable, Sendable { case buckets, target, mode }

    /// The selected line of the form.
    var field: Field = .buckets
    /// The first visible line of a plan that is longer than the screen; nil: as the plan goes on.
    var scroll: Int?

    static let words: [HelpWord] = [.graceful, .immediate, .takeOver, .draining, .adopted, .settle, .operation]

    static let commands: [Command] = [
        .enlarge,
        .left { $0.stepField(by: -1) }, .right { $0.stepField(by: 1) },
        Command(
            "edit", title: "type buckets", "Type the buckets of the plan", .change, [.character("i")], footer: 3,
            unless: Command.needsIdlePlan
        ) {
            $0.ask(.buckets($0.marks.description))
            return []
        },
        Command(
            "preview", title: "show plan", "Work out the plan and show it; nothing is changed", .change, [.enter],
            footer: 2, unless: { $0.draftObstacle }
        ) { console in
            console.plan.target.map { console.ask(.move(console.marks, to: $0, mode: console.plan.mode)) } ?? []
        },
        Command(
            "execute", "Execute the plan that is shown", .change, [.character("Y")], footer: 1,
            unless: { $0.executionObstacle }, isOffered: { $0.plan.isReady }
        ) { $0.confirmPlan() },
        Command(
            "wait", "Wait, after the plan, for kept connections to end", .change, [.character("w")], footer: 6,
            unless: { $0.waitObstacle },
            takes: Arguments(.wait, .optional(.rest)) { console, seconds, resets in
                console.choose(Afterwards(wait: seconds, resets: resets ?? console.plan.afterwards.resets))
            }
        ) { $0.choose($0.plan.afterwards.longer) },
        Command(
            "then", "Keep or reset connections that are left after the wait", .change, [.character("t")], footer: 7,
            unless: { $0.deadlineObstacle }
        ) { $0.choose(Afterwards(wait: $0.plan.afterwards.wait, resets: !$0.plan.afterwards.resets)) },
        Command(
            "stop", "Stop after the running step, or end the wait", .change, [.character("x")], footer: 1,
            unless: { $0.plan.isExecuting ? nil : "no plan is being executed" }
        ) {
            $0.plan.isStopping = true
            return [.abortExecution]
        },
        .finish,
    ]

    mutating func travel(_ step: Travel, _ console: ConsoleState) {
        guard console.plan.phase.prepared == nil, step != .pageUp, step != .pageDown else {
            let body = FrameLayout(console.size).body
            let rows = PlanLines.area(body).rows
            let lines = PlanLines(state: console, glyphs: .ascii, columns: console.size.columns - 2).lines
            let last = max(lines.count - rows, 0)
            scroll = ListCursor.moved(
                top(of: lines, rows: rows), step, count: last + 1, page: max(body.rows - 2, 1))
            return
        }
        let row = ListCursor.moved(field.rawValue, step, count: Field.allCases.count, page: 1)
        field = Field(rawValue: row) ?? .buckets
    }

    /// The first visible of some lines: where the operator has scrolled to, or so far down that the running step is seen.
    func top(of lines: [Line], rows: Int) -> Int {
        let focus = lines.lastIndex(where: \.isFocus) ?? 0
        let margin = min(2, max(rows - 1, 0))
        return max(min(scroll ?? max(focus + 1 + margin - rows, 0), lines.count - rows), 0)
    }

    func selection(_ console: ConsoleState) -> Selection {
        guard let plan = console.plan.phase.prepared?.plan else { return Selection(text: console.marks.description) }
        return Selection(text: "\(plan.title) (\(plan.mode.rawValue), operation \(plan.operation))")
    }

    func badge(_ console: ConsoleState, _ glyphs: GlyphSet) -> Badge? {
        if console.plan.isExecuting { return Badge(text: String(glyphs.marker), scope: .planRunning) }
        return console.marks.isEmpty ? nil : Badge(text: "\(console.marks.count)", scope: .planAdd)
    }

    func draw(_ body: Rect, _ painter: inout Painter) { painter.plan(self, in: body) }

    /// Esc: the plan or its result goes, then the marks.
    static func back(_ console: inout ConsoleState) {
        guard !console.plan.isExecuting else { return console.say("press x to stop after the running step", .warning) }
        if console.plan.phase == .draft { console.changeMarks { $0 = [] } }
        console.plan.phase = .draft
        console.planScreen.scroll = nil
    }
}

extension ScreenID {
    static let plan = PlanScreen.id
}

extension ConsoleState {
    /// The Plan screen.
    var planScreen: PlanScreen {
        get { screens[PlanScreen.self] }
        set { screens[PlanScreen.self] = newValue }
    }

    /// Takes the value of the selected field so many places further; the plan of the old value is given up.
    fileprivate mutating func stepField(by distance: Int) -> [Effect] {
        guard plan.phase.prepared == nil, planScreen.field != .buckets else { return [] }
        if planScreen.field == .target {
            plan.target = Self.stepped(plan.target, by: distance, in: shownNodes.map(\.name))
        } else {
            plan.mode = Self.stepped(plan.mode, by: distance, in: MoveMode.allCases) ?? plan.mode
        }
        plan.phase = .draft
        return []
    }

    private static func stepped<T: Equatable>(_ value: T?, by distance: Int, in all: [T]) -> T? {
        guard !all.isEmpty else { return value }
        let index = value.flatMap { all.firstIndex(of: $0) } ?? (distance > 0 ? -1 : 0)
        return all[(index + distance + all.count) % all.count]
    }
}
