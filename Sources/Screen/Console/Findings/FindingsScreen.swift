import Canvas
import ClusterModel
import Planning
import Wording

/// The Findings screen: what is wrong or odd, the worst first, and what ends it.
struct FindingsScreen: ListScreen, FilteredScreen {
    static let title = "Findings"
    static let help = "Show what is wrong or odd"

    var cursor = ListCursor()
    var filter = ""
    /// The findings that the filter lets through, the worst first.
    private(set) var shown: [Finding] = []
    /// The findings of the last seconds, each with the times since when it is there and when it was last seen.
    private var known: [(finding: Finding, since: Double, seen: Double)] = []
    /// A finding that is gone for so many seconds has ended.
    private static let patience = 3.0

    static let words: [HelpWord] = [.remedy, .owner, .orphan, .conflict, .adopted, .settle, .guardTable, .ruleset]

    static let commands: [Command] = [
        .enlarge,
        Command(
            "remedy", "Open the plan that ends the selected finding", .change, [.enter], footer: 2,
            unless: Command.needsIdlePlan, isOffered: { $0.findings.selected($0)?.remedy.planRequest != nil }
        ) { $0.planRemedy() },
        .showBuckets(of: "finding", [.character("b")]), .drain, .takeOver,
    ]

    mutating func snapshotShown(_ console: ConsoleState) {
        let (findings, now) = (console.snapshot?.findings ?? [], console.now)
        let seen = findings.map { finding in
            let earlier = known.filter { $0.finding.isSame(as: finding) }.map(\.since).min()
            return (finding: finding, since: earlier ?? now, seen: now)
        }
        let gone = known.filter { old in
            now - old.seen < Self.patience && !findings.contains { old.finding.isSame(as: $0) }
        }
        known = seen + gone
        arrange(console)
    }

    mutating func arrange(_ console: ConsoleState) {
        let filter = TextFilter(filter)
        shown = (console.snapshot?.findings ?? []).filter {
            filter.matches([$0.code, $0.severity.rawValue, $0.node ?? "", $0.evidence, $0.effect])
        }
        cursor.row = min(cursor.row, max(shown.count - 1, 0))
    }

    func filterRemark(_ console: ConsoleState) -> String {
        "\(shown.count) of \(console.snapshot?.findings.count ?? 0)"
    }

    func count(_ console: ConsoleState) -> Int { shown.count }

    /// The selected finding; nil when there is none.
    func selected(_ console: ConsoleState) -> Finding? {
        shown.indices.contains(cursor.row) ? shown[cursor.row] : nil
    }

    /// For how many seconds a finding was there.
    func age(of finding: Finding, now: Double) -> Double {
        known.first { $0.finding == finding }.map { max(now - $0.since, 0) } ?? 0
    }

    func selection(_ console: ConsoleState) -> Selection {
        guard let finding = selected(console) else { return Selection(text: "no findings") }
        return Selection(
            node: finding.node, buckets: finding.buckets,
            bucketFilter: finding.buckets.isEmpty ? "" : finding.buckets.description,
            text: "\(finding.severity.rawValue) \(finding.code): \(finding.evidence)")
    }

    func badge(_ console: ConsoleState, _ glyphs: GlyphSet) -> Badge? {
        guard let findings = console.snapshot?.findings, let worst = findings.map(\.severity).max() else { return nil }
        return Badge(text: "\(findings.count)", scope: worst.scope)
    }

    func export(_ console: ConsoleState) -> Export { .findings }

    func draw(_ body: Rect, _ painter: inout Painter) { painter.findings(self, in: body) }
}

extension ScreenID {
    static let findings = FindingsScreen.id
}

extension ConsoleState {
    /// The Findings screen.
    var findings: FindingsScreen {
        get { screens[FindingsScreen.self] }
        set { screens[FindingsScreen.self] = newValue }
    }

    /// Asks for the plan that ends the selected finding; what no plan ends is said.
    fileprivate mutating func planRemedy() -> [Effect] {
        guard let finding = findings.selected(self) else { return [] }
        if let request = finding.remedy.planRequest { return ask(request) }
        say("no plan ends this: \(finding.remedy.sentence)", .warning)
        return []
    }
}
