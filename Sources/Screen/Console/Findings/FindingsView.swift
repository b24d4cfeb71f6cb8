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
        guard !snapshot.findings.isEmpty else {
            return lines([Line("\(glyphs.ok) nothing is wrong or odd", .statusOk)], in: rest.inset(1, 0))
        }
        guard !screen.shown.isEmpty else {
            return lines([Line("no finding matches \"\(screen.filter)\"", .textDim)], in: rest.inset(1, 0))
        }
        let code = snapshot.findings.reduce(0) { max($0, $1.code.count) }
        let rows = screen.shown.map { finding in
            var line = Line(
                Pad.left("\(glyphs.sign(finding.severity)) \(finding.severity.rawValue)", 12), finding.severity.scope,
                .bold)
            line.add(Pad.left(finding.code, code + 2), .text)
            line.add(Pad.right(Units.age(screen.age(of: finding, now: state.now)), 4) + "  ", .textDim)
            line.add(finding.evidence, .text)
            return line
        }
        list(rows, screen.cursor, detail(screen, columns: rest.columns - 2), in: rest)
    }

    private func detail(_ screen: FindingsScreen, columns: Int) -> [Line] {
        guard let finding = screen.selected(state) else { return [] }
        var lines: [Line] = []
        let since = screen.age(of: finding, now: state.now)
        let facts = [
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
