import Canvas
import ClusterModel

extension Painter {
    /// The Buckets screen: the map, and the details of the selected bucket.
    mutating func buckets(_ map: BucketsScreen, in body: Rect) {
        let total = state.totalBuckets
        guard total > 0, let snapshot = state.snapshot else { return waiting(body, title: "Buckets") }
        let count = map.count(of: total)
        let grid = BucketGrid(count: count, total: total, body: body)
        let place = map.place(of: map.selected, of: total)
        let top = grid.top(from: map.top, place: place, count: count)
        rule(grid.heading, title: "Buckets", remark: remark(map, count, total, grid, top))
        if count == 0 { canvas.put("no bucket matches", in: grid.area.line(0), style: Style(.textDim)) }
        let visible = grid.visibleRows * grid.perRow
        for offset in 0..<visible {
            guard let bucket = map.bucket(at: top * grid.perRow + offset, of: total) else { break }
            let row = grid.area.row + offset / grid.perRow * grid.rowHeight
            if grid.label > 0, offset % grid.perRow == 0 {
                let label = Pad.right("\(bucket)", grid.label - 2)
                canvas.put(label, at: Point(column: grid.area.column, row: row), style: Style(.textDim))
            }
            let column = grid.area.column + grid.label + offset % grid.perRow * grid.pitch
            self.bucket(
                bucket, at: Point(column: column, row: row), grid, total, snapshot, isSelected: bucket == map.selected)
        }
        if count > 0 { bucketDetail(map.selected, in: grid.detail, snapshot) }
    }

    /// What stands on a screen that has nothing to show before the first snapshot.
    mutating func waiting(_ body: Rect, title: String) {
        rule(body.line(0), title: title)
        let names = state.shownNodes.map { node in
            Line(
                "\(glyphs.sign(node.state)) "
                    + (node.reason.map { "\(node.name): \($0)" } ?? "connecting to \(node.name) \(glyphs.ellipsis)"),
                node.state.scope)
        }
        lines(names, in: body.splitTop(1).rest.inset(2, 0))
    }

    private func remark(_ map: BucketsScreen, _ count: Int, _ total: Int, _ grid: BucketGrid, _ top: Int) -> String {
        var words: [String] = []
        if let error = map.filterError { words.append(error) }
        if !map.filter.isEmpty { words.append("filter \(map.filter)") }
        if !state.marks.isEmpty { words.append("\(state.marks.count) marked") }
        words.append(count == total ? "\(total)" : "\(count) of \(total)")
        let rows = (count + grid.perRow - 1) / grid.perRow
        if rows > grid.visibleRows { words.append("rows \(top + 1)-\(top + grid.visibleRows) of \(rows)") }
        return words.joined(separator: "  ")
    }
}
