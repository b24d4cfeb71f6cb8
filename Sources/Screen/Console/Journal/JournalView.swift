import Canvas
import Planning
import Wording

extension Painter {
    /// The Journal screen: what was changed before, and the steps of the selected entry.
    mutating func journal(_ screen: JournalScreen, in body: Rect) {
        let (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        rule(heading, title: "Journal, times in \(screen.clock)", remark: remark(screen))
        guard !screen.entries.isEmpty else {
            let text =
                screen.all.isEmpty ? "nothing was changed from here yet" : "no operation matches \"\(screen.filter)\""
            return lines([Line(text, .textDim)], in: rest.inset(1, 0))
        }
        let details = screen.selected?.details ?? []
        let wrapped = details.flatMap { detail in
            Wrap.lines(detail, columns: rest.columns - 4).enumerated().map { Line(($0 == 0 ? "" : "  ") + $1, .text) }
        }
        let (glyphs, entries) = (glyphs, screen.entries)
        let below = list(entries.count, screen.cursor, wrapped, in: rest) { Self.line(entries[$0], glyphs) }
        companions([.graph, .waterfall], in: below)
    }

    private static func line(_ entry: JournalEntry, _ glyphs: GlyphSet) -> Line {
        var line = Line("\(entry.time)  ", .textDim)
        let (glyph, scope) = glyphs.sign(entry.outcome)
        line.add("\(glyph) \(Pad.left(entry.outcome.word, 8))", scope)
        line.hangHere()
        line.add(entry.title, .text)
        line.add("  \(entry.who.text)", .textDim)
        if let reason = entry.reason { line.add("  \"\(reason)\"", .text) }
        return line
    }

    private func remark(_ screen: JournalScreen) -> String {
        screen.filter.isEmpty ? "\(screen.all.count)" : "filter \(screen.filter)  \(screen.filterRemark(state))"
    }
}

extension GlyphSet {
    /// The sign of what became of an operation.
    func sign(_ outcome: JournalEntry.Outcome) -> (glyph: Unicode.Scalar, scope: Scope) {
        switch outcome {
        case .ended(.done), .ended(.resumed): (check, .planDone)
        case .ended(.undone): (left, .textDim)
        case .ended(.failed): (error, .planFailed)
        case .ended(.partly), .cutOff: (warn, .statusWarn)
        case .running: (marker, .planRunning)
        case .unknown: (ok, .textDim)
        }
    }
}
