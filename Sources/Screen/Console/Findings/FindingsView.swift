import Canvas
import ClusterModel
import Wording

extension Painter {
    /// The Findings screen: what is wrong or odd, the worst first, and what ends it.
    mutating func findings(_ screen: FindingsScreen, in body: Rect) {
        guard let snapshot = state.snapshot else { return waiting(body, title: "Findings") }
        let (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        rule(
            heading, title: "Findings",
            remark: screen.filter.isEmpty
                ? "\(snapshot.findings.count)" : "filter \(screen.filter)  \(screen.filterRemark(state))")
        guard !screen.shown.isEmpty else {
            let isGood = snapshot.findings.isEmpty
            let words = isGood ? "\(glyphs.ok) nothing is wrong or odd" : "no finding matches \"\(screen.filter)\""
            lines([Line(words, isGood ? .statusOk : .textDim)], in: rest.inset(1, 0))
            return companions(Self.nearFindings, beside: .findings, in: rest.splitTop(2).rest)
        }
        let (state, glyphs) = (state, glyphs)
        // Programs know a finding by its code; people do where there is room for both.
        let code = rest.columns >= 100 ? screen.shown.reduce(0) { max($0, $1.code.count) } : 0
        let below = list(
            screen.shown.count, screen.cursor, detail(screen, columns: rest.columns - 2), in: rest
        ) { row in
            let finding = screen.shown[row]
            let sign = "\(glyphs.sign(finding.severity)) "
            var line = Line(
                code > 0 ? Pad.left(sign + finding.severity.rawValue, 12) : sign, finding.severity.scope, .bold)
            if code > 0 { line.add(Pad.left(finding.code, code + 2), .text) }
            line.add(Pad.right(Units.age(screen.age(of: finding, now: state.now)), 4) + "  ", .textDim)
            line.hangHere()
            line.add(finding.evidence, .text)
            return line
        }
        companions(Self.nearFindings, beside: .findings, in: below)
    }

    private static let nearFindings: [PaneID] = [.graph, .map, .facts]

    private func detail(_ screen: FindingsScreen, columns: Int) -> [Line] {
        guard let finding = screen.selected(state) else { return [] }
        var lines: [Line] = []
        let since = screen.age(of: finding, now: state.now)
        let facts = [
            ("code", "\(finding.code), \(finding.severity.rawValue)"),
            ("since", since < 1 ? "this moment" : "\(Units.age(since)) ago"), ("seen", finding.evidence),
            ("effect", finding.effect), ("remedy", finding.remedy.sentence),
        ]
        for (label, text) in facts {
            for (index, part) in Wrap.lines(text, columns: columns - 12).enumerated() {
                lines.append(.fact(index == 0 ? label : "", part, label == "remedy" ? .title : .text))
            }
        }
        if !finding.buckets.isEmpty {
            lines.append(.fact("buckets", finding.buckets.fitting(columns - 14), .value))
        }
        return lines
    }
}
