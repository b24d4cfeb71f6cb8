import Canvas
import ClusterModel
import Planning
import Wording

/// The Timeline screen: what happened, the newest first.
struct TimelineScreen: ListScreen, FilteredScreen {
    static let title = "Timeline"
    static let help = "Show what happened: findings, links, moves, rulesets"

    var cursor = ListCursor()
    var filter = ""
    /// The events that the filter lets through, the newest first.
    private(set) var rows: [TimelineEvent] = []
    /// How many there are in all.
    private var total = 0

    static let words: [HelpWord] = [.operation, .ruleset, .owner]

    static let commands: [Command] = [
        .enlarge,
        Command(
            "look", "Show every graph and map at the time of the selected event", .view, [.enter], footer: 2,
            isOffered: { !$0.timeline.rows.isEmpty }
        ) {
            $0.lookAtEvent()
            return []
        },
        .showBuckets(of: "event", [.character("b")]),
    ]

    mutating func snapshotShown(_ console: ConsoleState) { arrange(console) }

    mutating func open() -> [Effect] { [.readJournal] }

    mutating func arrange(_ console: ConsoleState) {
        let selected = cursor.row > 0 && rows.indices.contains(cursor.row) ? rows[cursor.row] : nil
        let all = console.happened(before: nil)
        total = all.count
        let filter = TextFilter(filter)
        rows = all.filter { filter.matches([$0.group, $0.node ?? "", $0.severity?.rawValue ?? "", $0.sentence]) }
        // The first row stays the newest; any other stays with its event.
        if let selected, let row = rows.firstIndex(where: { $0.isSame(as: selected) }) { cursor.row = row }
        cursor.row = min(cursor.row, max(rows.count - 1, 0))
    }

    func count(_ console: ConsoleState) -> Int { rows.count }

    func filterRemark(_ console: ConsoleState) -> String { "\(rows.count) of \(total)" }

    /// The selected event; nil when there is none.
    var selected: TimelineEvent? { rows.indices.contains(cursor.row) ? rows[cursor.row] : nil }

    func selection(_ console: ConsoleState) -> Selection {
        guard let event = selected else { return Selection(text: "nothing happened yet") }
        return Selection(
            node: event.node, buckets: event.buckets,
            bucketFilter: event.buckets.isEmpty ? "" : event.buckets.description,
            text:
                "\(console.clock.date(event.time)) \(console.clock.time(event.time)) \(event.group): \(event.sentence)")
    }

    func export(_ console: ConsoleState) -> Export {
        .table(
            columns: ["time", "kind", "severity", "node", "buckets", "what"],
            rows: rows.map { event in
                [
                    "\(console.clock.date(event.time)) \(console.clock.time(event.time))", event.group,
                    event.severity?.rawValue, event.node, event.buckets.isEmpty ? nil : event.buckets.description,
                    event.sentence,
                ]
            })
    }

    func draw(_ body: Rect, _ painter: inout Painter) { painter.timeline(self, in: body) }
}

extension ScreenID {
    static let timeline = TimelineScreen.id
}

extension ConsoleState {
    /// The Timeline screen.
    var timeline: TimelineScreen {
        get { screens[TimelineScreen.self] }
        set { screens[TimelineScreen.self] = newValue }
    }

    /// What happened up to a time, the newest first: what the console saw, and the operations of the journal.
    func happened(before time: Double?) -> [TimelineEvent] {
        var rows: [TimelineEvent] = []
        rows.reserveCapacity(chronicle.events.count + operations.count + keptEvents.count)
        var rest = operations[...]
        for event in [chronicle.events.reversed(), keptEvents.reversed()].joined() {
            while let next = rest.first, next.time > event.time {
                rows.append(next)
                rest.removeFirst()
            }
            rows.append(event)
        }
        rows += rest
        return time.map { time in rows.filter { $0.time <= time } } ?? rows
    }

    /// Takes the journal's operations into the timeline.
    mutating func takeOperations(_ entries: [JournalEntry]) {
        operations = entries.compactMap { entry in
            clock.seconds(entry.started).map { TimelineEvent(time: $0, kind: .operation(entry)) }
        }.sorted { $0.time > $1.time }
        change(.timeline) { $0.arrange($1) }
    }

    /// Takes what earlier consoles have kept, as far as it is older than what this one saw.
    mutating func takeKept(_ records: [TimelineRecord]) {
        let begin = chronicle.events.first?.time ?? wall
        keptEvents = records.compactMap(\.event).filter { $0.time < begin }.sorted { $0.time < $1.time }
        change(.timeline) { $0.arrange($1) }
    }

    /// What changes no more, to be kept.
    mutating func keepEvents(isEnding: Bool = false) -> [Effect] {
        let events = chronicle.unkept(at: wall, isEnding: isEnding)
        return events.isEmpty ? [] : [.keep(events.map(TimelineRecord.init))]
    }

    fileprivate mutating func lookAtEvent() {
        guard let event = timeline.selected else { return }
        look(at: event.time)
    }
}

extension TimelineEvent {
    /// Whether it is the same event, perhaps with more known of it.
    fileprivate func isSame(as other: Self) -> Bool {
        guard time == other.time, group == other.group else { return false }
        if case .operation(let mine) = kind, case .operation(let others) = other.kind { return mine.id == others.id }
        return node == other.node
    }
}

extension Painter {
    /// The Timeline screen.
    mutating func timeline(_ screen: TimelineScreen, in body: Rect) {
        let (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        var remark = screen.filterRemark(state)
        if !screen.filter.isEmpty { remark = "filter \(screen.filter)  \(remark)" }
        rule(
            heading, title: "Timeline, times in \(state.clock.zone == 0 ? "UTC" : "this machine's zone")",
            remark: remark)
        guard !screen.rows.isEmpty else {
            let text = screen.filter.isEmpty ? "nothing happened yet" : "no event matches \"\(screen.filter)\""
            lines([Line(text, .textDim)], in: rest.inset(1, 0))
            return companions(Self.nearTimeline, beside: .timeline, in: rest.splitTop(2).rest)
        }
        let (state, glyphs) = (state, glyphs)
        let below = list(
            screen.rows.count, screen.cursor, detail(screen, columns: rest.columns - 2), in: rest
        ) { row in
            let event = screen.rows[row]
            let (glyph, scope) = event.sign(glyphs)
            var line = Line("\(event.when(state))  ", .textDim)
            line.add("\(glyph) ", scope)
            if rest.columns >= 100 { line.add(Pad.left(event.group, 11), .textDim) }
            line.hangHere()
            line.add(event.sentence, event.textScope(glyphs))
            return line
        }
        companions(Self.nearTimeline, beside: .timeline, in: below)
    }

    private static let nearTimeline: [PaneID] = [.graph, .waterfall]

    private func detail(_ screen: TimelineScreen, columns: Int) -> [Line] {
        guard let event = screen.selected else { return [] }
        var facts = [
            (
                "when",
                "\(state.clock.date(event.time)) \(state.clock.time(event.time)), \(Units.age(state.wall - event.time)) ago"
            ),
            ("what", event.sentence),
        ]
        switch event.kind {
        case .foundProblem(let finding), .problemEnded(let finding, _):
            facts += [("effect", finding.effect), ("remedy", finding.remedy.sentence)]
        case .operation(let entry): facts += entry.details.map { ("", $0) }
        case .began, .link, .ruleset, .ownership, .resized, .kept: break
        }
        if !event.buckets.isEmpty { facts.append(("buckets", event.buckets.fitting(max(columns - 14, 20)))) }
        return facts.flatMap { label, text in
            Wrap.lines(text, columns: columns - 12).enumerated().map { Line.fact($0 == 0 ? label : "", $1) }
        }
    }
}
