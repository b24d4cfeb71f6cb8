import Canvas
import ClusterModel
import Wording

/// The Findings screen: what is wrong or odd, the worst first, and what ends it.
struct FindingsScreen: ListScreen {
    static let title = "Findings"
    static let help = "Show what is wrong or odd"

    var cursor = ListCursor()
    /// Since when each finding of the snapshot is there.
    private var times: [FindingKey: Double] = [:]

    static let commands: [Command] = [.showBuckets, .drain, .takeOver]

    mutating func snapshotShown(_ console: ConsoleState) {
        let findings = console.snapshot?.findings ?? []
        var times: [FindingKey: Double] = [:]
        for key in findings.map(FindingKey.init) { times[key] = self.times[key] ?? console.now }
        self.times = times
        cursor.row = min(cursor.row, max(findings.count - 1, 0))
    }

    func count(_ console: ConsoleState) -> Int { console.snapshot?.findings.count ?? 0 }

    /// The selected finding; nil when there is none.
    func selected(_ console: ConsoleState) -> Finding? {
        guard let findings = console.snapshot?.findings, findings.indices.contains(cursor.row) else { return nil }
        return findings[cursor.row]
    }

    /// For how many seconds a finding was there.
    func age(of finding: Finding, now: Double) -> Double { times[FindingKey(finding)].map { max(now - $0, 0) } ?? 0 }

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

/// What makes a finding the same from one snapshot to the next, while its evidence changes.
private struct FindingKey: Hashable, Sendable {
    var code: String
    var node: String?
    /// Of findings about the cluster there may be several; their first bucket tells them apart.
    var bucket: Int?

    init(_ finding: Finding) {
        code = finding.code
        node = finding.node
        bucket = finding.node == nil ? finding.buckets.first { _ in true } : nil
    }
}
