import Canvas
import ClusterModel
import Wording

/// What is wrong, and what happened: panes beside the graphs.
extension Painter {
    /// Findings, the worst first, each in whole sentences; how many more there are, when not all fit.
    mutating func findingsPane(in rect: Rect) {
        guard rect.rows >= 2, let findings = state.snapshot?.findings else { return }
        rule(
            rect.line(0), title: "Findings", remark: findings.isEmpty ? "" : "\(findings.count) in all, on screen 6",
            isFocus: false)
        let area = rect.splitTop(1).rest.inset(1, 0)
        guard !findings.isEmpty else {
            return lines([Line("\(glyphs.ok) nothing is wrong or odd", .statusOk)], in: area)
        }
        var shown: [Line] = []
        for (index, finding) in findings.enumerated() {
            let next = findingLines(finding, columns: area.columns)
            let isLast = index == findings.count - 1
            guard shown.count + next.count <= area.rows - (isLast ? 0 : 1) else {
                // The worst is told in any case, as much of it as there is room for.
                if index == 0 { shown = Array(next.prefix(max(area.rows - 1, 1))) }
                let left = findings.count - max(index, 1)
                if left > 0 { shown.append(Line("and \(left) more: press 6", .textDim)) }
                break
            }
            shown += next
        }
        lines(shown, in: area)
    }

    /// What was seen of a finding, and what clients notice of it.
    func findingLines(_ finding: Finding, columns: Int) -> [Line] {
        let head = Wrap.lines(finding.evidence, columns: columns - 2).enumerated().map { index, text in
            var line = Line(index == 0 ? "\(glyphs.sign(finding.severity)) " : "  ", finding.severity.scope)
            line.add(text, finding.severity.scope)
            return line
        }
        return head + Wrap.lines(finding.effect, columns: columns - 2).map { Line("  \($0)", .textDim) }
    }

    /// How many rows the findings take at most, with their heading.
    func findingsHeight(columns: Int) -> Int {
        let findings = state.snapshot?.findings ?? []
        return 1 + max(findings.reduce(0) { $0 + findingLines($1, columns: columns - 2).count }, 1)
    }

    /// What happened last, the newest first, or before the time that is looked at.
    mutating func timelinePane(in rect: Rect) {
        guard rect.rows >= 3 else { return }
        let time = state.view.cursor
        rule(
            rect.line(0), title: "Timeline",
            remark: time.map { "up to \(state.clock.time($0))" } ?? "7 shows all", isFocus: false)
        let area = rect.splitTop(1).rest.inset(1, 0)
        let shown = timelineLines(columns: area.columns, rows: area.rows)
        lines(shown.isEmpty ? [Line("nothing happened yet", .textDim)] : shown, in: area)
    }

    /// What happened last, in so many rows; no sentence is cut off.
    func timelineLines(columns: Int, rows: Int) -> [Line] {
        var shown: [Line] = []
        for event in state.happened(before: state.view.cursor) {
            let next = event.lines(state, glyphs, columns: columns)
            guard shown.isEmpty || shown.count + next.count <= rows else { break }
            shown += next
        }
        return shown
    }
}

extension TimelineEvent {
    /// The event on as many rows as its sentence takes, the time before it.
    func lines(_ console: ConsoleState, _ glyphs: GlyphSet, columns: Int) -> [Line] {
        let (glyph, scope) = sign(glyphs)
        let width = columns - 11
        return Wrap.lines(sentence, columns: max(width, 10)).enumerated().map { index, text in
            var line = Line(index == 0 ? "\(when(console)) " : "         ", .textDim)
            line.add(index == 0 ? "\(glyph) " : "  ", scope)
            line.add(text, textScope(glyphs))
            return line
        }
    }

    /// Its time; its day when that is another.
    func when(_ console: ConsoleState) -> String {
        let day = console.clock.date(time)
        return day == console.clock.date(console.wall) ? console.clock.time(time) : String(day.suffix(5)) + "   "
    }
}
