import Canvas
import ClusterModel

extension Painter {
    /// The Plan screen.
    mutating func plan(_ body: Rect) {
        let (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        let all = PlanLines(state: state, glyphs: glyphs, columns: body.columns - 2).lines
        let top = min(state.plan.scroll, max(all.count - rest.rows, 0))
        let isLong = all.count > rest.rows
        let remark = isLong ? "lines \(top + 1)-\(top + rest.rows) of \(all.count)" : ""
        rule(heading, title: planTitle, remark: remark)
        lines(all.dropFirst(top), in: rest.inset(1, 0))
    }

    private var planTitle: String {
        switch state.plan.phase {
        case .draft, .planning, .refused: "Plan"
        case .ready: "Plan: nothing is changed yet"
        case .executing: "Plan: executing"
        case .finished: "Plan: ended"
        }
    }

    /// The Journal screen: what was changed before, and the steps of the selected entry.
    mutating func journal(_ body: Rect) {
        let (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        rule(heading, title: "Journal, times in UTC", remark: "\(state.journal.count)")
        guard !state.journal.isEmpty else {
            return lines([Line("nothing was changed from here yet", .textDim)], in: rest.inset(1, 0))
        }
        let rows = state.journal.map { entry in
            var line = Line("\(entry.time)  ", .textDim)
            let (glyph, scope) = outcome(entry.outcome)
            line.add("\(glyph) \(Pad.left(entry.outcome.rawValue, 8))", scope)
            line.add(entry.title, .text)
            line.add("  \(entry.actor)", .textDim)
            return line
        }
        let selected = state.journalCursor
        let details = state.journal.indices.contains(selected.row) ? state.journal[selected.row].details : []
        let wrapped = details.flatMap { detail in
            Wrap.lines(detail, columns: rest.columns - 4).enumerated().map { Line(($0 == 0 ? "" : "  ") + $1, .text) }
        }
        list(rows, selected, wrapped, in: rest)
    }

    private func outcome(_ outcome: JournalEntry.Outcome) -> (Unicode.Scalar, Scope) {
        switch outcome {
        case .done, .resumed: (glyphs.check, .planDone)
        case .undone: (glyphs.left, .textDim)
        case .failed: (glyphs.error, .planFailed)
        case .stopped, .cutOff: (glyphs.warn, .statusWarn)
        case .running: (glyphs.marker, .planRunning)
        }
    }

    /// The Findings screen: what is wrong or odd, the worst first, and what ends it.
    mutating func findings(_ body: Rect) {
        guard let snapshot = state.snapshot else { return waiting(body, title: "Findings") }
        let (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        rule(heading, title: "Findings", remark: "\(snapshot.findings.count)")
        guard !snapshot.findings.isEmpty else {
            return lines([Line("\(glyphs.ok) nothing is wrong or odd", .statusOk)], in: rest.inset(1, 0))
        }
        let code = snapshot.findings.reduce(0) { max($0, $1.code.count) }
        let rows = snapshot.findings.map { finding in
            var line = Line(
                Pad.left("\(glyph(finding.severity)) \(finding.severity.rawValue)", 12), finding.severity.scope, .bold)
            line.add(Pad.left(finding.code, code + 2), .text)
            line.add(Pad.right(Units.age(state.age(of: finding)), 4) + "  ", .textDim)
            line.add(finding.evidence, .text)
            return line
        }
        list(rows, state.findingCursor, findingDetail(columns: rest.columns - 2), in: rest)
    }

    /// The glyph of a severity.
    func glyph(_ severity: Finding.Severity) -> Unicode.Scalar {
        switch severity {
        case .notice: glyphs.unknown
        case .warning: glyphs.warn
        case .critical: glyphs.error
        }
    }

    private func findingDetail(columns: Int) -> [Line] {
        guard let finding = state.selectedFinding else { return [] }
        var lines: [Line] = []
        let since = state.age(of: finding)
        let facts = [
            ("since", since < 1 ? "this moment" : "\(Units.age(since)) ago"), ("seen", finding.evidence),
            ("effect", finding.effect), ("remedy", finding.remedy),
        ]
        for (label, text) in facts {
            for (index, part) in Wrap.lines(text, columns: columns - 12).enumerated() {
                lines.append(.fact(index == 0 ? label : "", part, label == "remedy" ? .title : .text))
            }
        }
        if !finding.buckets.isEmpty {
            lines.append(.fact("buckets", "\(BucketSet(finding.buckets.prefix(512)))", .value))
        }
        return lines
    }

    /// Rows with a selected one, and the details of it below.
    private mutating func list(_ rows: [Line], _ selected: ListCursor, _ details: [Line], in rect: Rect) {
        let kept = rect.rows >= 10 && !details.isEmpty ? min(max(details.count + 1, 6), rect.rows / 2) : 0
        let (area, below) = rect.splitTop(min(max(rows.count, 1) + 1, rect.rows - kept))
        var cursor = selected
        cursor.clamp(count: rows.count, visible: area.rows)
        for (line, row) in rows.dropFirst(cursor.top).prefix(area.rows).enumerated() {
            let place = area.line(line)
            let isSelected = cursor.top + line == cursor.row
            if isSelected { canvas.fill(place, Style(.text, surface: .selection)) }
            put(row, in: Rect(column: place.column + 2, row: place.row, columns: place.columns - 3, rows: 1))
            if isSelected { select(place) }
        }
        guard kept > 0 else { return }
        rule(below.line(0), title: "Details", isFocus: false)
        lines(details, in: below.splitTop(1).rest.inset(1, 0))
    }
}
