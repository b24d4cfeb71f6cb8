import Canvas
import ClusterModel
import Wording

extension Painter {
    /// The Buckets screen: the map, the waterfall or the list, and the details of the selected bucket.
    mutating func buckets(_ screen: BucketsScreen, in body: Rect) {
        let total = state.totalBuckets
        guard total > 0, let snapshot = state.snapshot else { return waiting(body, title: "Buckets") }
        let count = screen.count(of: total)
        let layout = BucketsLayout(body: body, form: screen.form, count: count)
        rule(layout.heading, title: "Buckets", remark: remark(screen, count, total, layout))
        if count == 0 {
            canvas.put("no bucket matches", in: layout.main.inset(1, 0).line(0), style: Style(.textDim))
        } else {
            switch screen.form {
            case .map: map(screen, layout, snapshot)
            case .waterfall: waterfall(screen.range(of: total), selected: screen.selected, in: layout.main)
            case .list: bucketList(screen, in: layout.main, snapshot)
            }
            bucketDetail(screen.selected, in: layout.detail, snapshot)
        }
        guard !layout.beside.isEmpty, count > 0 else { return }
        waterfall(screen.range(of: total), selected: screen.selected, in: layout.beside)
    }

    private mutating func map(_ screen: BucketsScreen, _ layout: BucketsLayout, _ snapshot: ClusterSnapshot) {
        let total = state.totalBuckets
        let grid = screen.grid(state, layout)
        let top = grid.top(from: screen.top, place: screen.place(of: screen.selected, of: total))
        map(grid, top: top, selected: screen.selected, snapshot) { screen.bucket(at: $0, of: total) }
    }

    /// What stands on a screen that has nothing to show before the first snapshot.
    mutating func waiting(_ body: Rect, title: String) {
        rule(body.line(0), title: title)
        let names = state.shownNodes.map { node in
            Line(
                "\(glyphs.sign(node.state)) "
                    + (node.silence(state.snapshot?.configuration.address).map { "\(node.name): \($0)" }
                        ?? "connecting to \(node.name) \(glyphs.ellipsis)"),
                node.state.scope)
        }
        lines(names, in: body.splitTop(1).rest.inset(2, 0))
    }

    private func remark(_ screen: BucketsScreen, _ count: Int, _ total: Int, _ layout: BucketsLayout) -> String {
        var words: [String] = []
        if let error = screen.filterError { words.append(error) }
        if !screen.filter.isEmpty { words.append("filter \(screen.filter)") }
        if let zoom = screen.zoom { words.append("\(zoom.lowerBound)-\(zoom.upperBound)") }
        if !state.marks.isEmpty { words.append("\(state.marks.count) marked") }
        words.append(count == total ? "\(total)" : "\(count) of \(total)")
        if screen.form == .map {
            let group = screen.grid(state, layout).group
            if group > 1 { words.append("each cell the busiest of \(group), + zooms in") }
            words.append("to \(Units.short(state.facts.scale)) pps")
        }
        return words.joined(separator: "  ")
    }
}

/// Where the parts of the Buckets screen lie.
struct BucketsLayout {
    var heading: Rect
    /// The map, the waterfall or the list.
    var main: Rect
    /// The details of the selected bucket.
    var detail: Rect
    /// The waterfall beside the map, where there is room for both.
    var beside: Rect

    /// - Parameter count: how many buckets are shown.
    init(body: Rect, form: BucketsScreen.Form, count: Int) {
        var rest: Rect
        (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        beside = Rect(column: body.maxColumn, row: body.row, columns: 0, rows: 0)
        if form != .waterfall, rest.columns >= 150, rest.rows >= 20 {
            let (left, right) = rest.splitLeft(rest.columns / 2)
            (rest, beside) = (left, right.splitLeft(1).rest)
        }
        let kept = rest.rows >= 14 ? max(8, rest.rows / 3) : 0
        let room = rest.rows - kept
        (main, detail) = rest.splitTop(form == .list && kept > 0 ? min(count + 2, room) : room)
        if form == .map {
            main = Rect(
                column: main.column + 1, row: main.row, columns: main.columns - 2, rows: main.rows - (kept > 0 ? 1 : 0))
        }
    }
}
