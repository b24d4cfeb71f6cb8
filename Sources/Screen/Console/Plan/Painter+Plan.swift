import Canvas

extension Painter {
    /// The Plan screen.
    mutating func plan(_ screen: PlanScreen, in body: Rect) {
        let (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        let all = PlanLines(state: state, glyphs: glyphs, columns: body.columns - 2).lines
        let top = min(screen.scroll, max(all.count - rest.rows, 0))
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
}
