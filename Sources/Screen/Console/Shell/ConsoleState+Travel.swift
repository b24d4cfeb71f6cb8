import Canvas
import ClusterModel

extension ConsoleState {
    /// Moves the selection of the screen, or changes the value of the selected field.
    mutating func travel(_ id: CommandID) {
        let body = FrameLayout(size).body
        switch screen {
        case .nodes:
            let row = Self.moved(nodes.cursor.row, id, count: nodes.rows.count, page: max(body.rows - 2, 1))
            selectNode(row: row)
        case .buckets: travelBuckets(id, body: body)
        case .plan: travelPlan(id, page: max(body.rows - 2, 1))
        case .journal:
            journalCursor.row = Self.moved(journalCursor.row, id, count: journal.count, page: max(body.rows / 2, 1))
        case .findings:
            let count = snapshot?.findings.count ?? 0
            findingCursor.row = Self.moved(findingCursor.row, id, count: count, page: max(body.rows / 2, 1))
        case .flow: break
        }
    }

    private static func moved(_ row: Int, _ id: CommandID, count: Int, page: Int) -> Int {
        let target =
            switch id {
            case .up: row - 1
            case .down: row + 1
            case .pageup: row - page
            case .pagedown: row + page
            case .top: 0
            case .bottom: count - 1
            default: row
            }
        return min(max(target, 0), max(count - 1, 0))
    }

    private mutating func travelBuckets(_ id: CommandID, body: Rect) {
        let total = totalBuckets
        let count = buckets.count(of: total)
        guard count > 0 else { return }
        let grid = BucketGrid(count: count, total: total, body: body)
        let place = buckets.place(of: buckets.selected, of: total)
        let step: [CommandID: Int] = [
            .left: -1, .right: 1, .up: -grid.perRow, .down: grid.perRow, .pageup: -grid.perRow * grid.visibleRows,
            .pagedown: grid.perRow * grid.visibleRows, .top: -count, .bottom: count,
        ]
        var target = place + (step[id] ?? 0)
        if target < 0 { target = id == .up ? place : 0 }
        if target >= count {
            target = id == .down && place / grid.perRow == (count - 1) / grid.perRow ? place : count - 1
        }
        buckets.selected = buckets.bucket(at: target, of: total) ?? buckets.selected
        buckets.top = grid.top(from: buckets.top, place: target, count: count)
    }

    private mutating func travelPlan(_ id: CommandID, page: Int) {
        let isForm = plan.phase.prepared == nil
        guard isForm, id != .pageup, id != .pagedown else {
            let step: [CommandID: Int] = [.up: -1, .down: 1, .pageup: -page, .pagedown: page, .top: -plan.scroll]
            // The last line depends on the size; render clamps, and so does the next step from here.
            plan.scroll = min(max(plan.scroll + (step[id] ?? 0), 0), PlanLines.count(self))
            return
        }
        switch id {
        case .up, .down, .top, .bottom:
            let last = PlanDesk.Field.allCases.count - 1
            let target = Self.moved(plan.field.rawValue, id, count: last + 1, page: 1)
            plan.field = PlanDesk.Field(rawValue: target) ?? .buckets
        case .left, .right:
            let distance = id == .left ? -1 : 1
            if plan.field == .target { stepTarget(by: distance) }
            if plan.field == .mode { stepMode(by: distance) }
            if plan.field != .buckets { plan.phase = .draft }
        default: break
        }
    }
}
