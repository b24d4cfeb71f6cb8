import Canvas
import ClusterModel

extension Painter {
    /// The Buckets screen: the map, and the details of the selected bucket.
    mutating func buckets(_ body: Rect) {
        let total = state.totalBuckets
        guard total > 0, let snapshot = state.snapshot else { return waiting(body, title: "Buckets") }
        let map = state.buckets
        let count = map.count(of: total)
        let grid = BucketGrid(count: count, total: total, body: body)
        let place = map.place(of: map.selected, of: total)
        let top = grid.top(from: map.top, place: place, count: count)
        rule(grid.heading, title: "Buckets", remark: bucketsRemark(count, total, grid, top))
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
            cell(bucket, at: Point(column: column, row: row), grid, total, snapshot)
        }
        if count > 0 { bucketDetail(map.selected, in: grid.detail, snapshot) }
    }

    /// What stands on a screen that has nothing to show before the first snapshot.
    mutating func waiting(_ body: Rect, title: String) {
        rule(body.line(0), title: title)
        let names = state.shownNodes.map { node in
            Line(
                "\(glyph(node.state)) \(node.reason ?? "connecting to \(node.name) \(glyphs.ellipsis)")",
                node.state.scope)
        }
        lines(names, in: body.splitTop(1).rest.inset(2, 0))
    }

    private func bucketsRemark(_ count: Int, _ total: Int, _ grid: BucketGrid, _ top: Int) -> String {
        var words: [String] = []
        if let error = state.buckets.filterError { words.append(error) }
        if !state.buckets.filter.isEmpty { words.append("filter \(state.buckets.filter)") }
        if !state.marks.isEmpty { words.append("\(state.marks.count) marked") }
        words.append(count == total ? "\(total)" : "\(count) of \(total)")
        let rows = (count + grid.perRow - 1) / grid.perRow
        if rows > grid.visibleRows { words.append("rows \(top + 1)-\(top + grid.visibleRows) of \(rows)") }
        return words.joined(separator: "  ")
    }

    /// How one bucket looks: letter, glyph of what is odd, heat.
    private struct Look {
        var letter: String
        var flag: String
        var heat: Int
        var style: Style
        var flagStyle: Style
    }

    private func look(_ bucket: Int, _ snapshot: ClusterSnapshot) -> Look {
        let owner = snapshot.coverage.owner(of: bucket)
        let heat = state.facts.heat(of: bucket)
        let emphasis: Attributes = heat == 0 ? .dim : heat >= 5 ? .bold : []
        var look = Look(
            letter: owner.map(NodeTag.letter) ?? String(glyphs.orphan), flag: "", heat: heat,
            style: owner.map { Style(.owner, index: $0, attributes: emphasis) }
                ?? Style(.bucketOrphan, attributes: .bold),
            flagStyle: Style(.text))
        if snapshot.coverage.conflicts.contains(bucket) {
            (look.flag, look.flagStyle) = (String(glyphs.conflict), Style(.bucketConflict, attributes: .bold))
        } else if owner == nil {
            look.flagStyle = look.style
        } else if state.facts.draining.contains(bucket) {
            (look.flag, look.flagStyle) = (String(glyphs.draining), Style(.bucketDraining))
        } else if state.facts.adopted.contains(bucket) {
            (look.flag, look.flagStyle) = (String(glyphs.adopted), Style(.bucketAdopted))
        }
        if let index = owner, snapshot.nodes[index].state == .stale { look.style.attributes = .dim }
        return look
    }

    private mutating func cell(
        _ bucket: Int, at point: Point, _ grid: BucketGrid, _ total: Int, _ snapshot: ClusterSnapshot
    ) {
        let look = look(bucket, snapshot)
        let digits = String(total).count
        let heat = String(glyphs.heights[min(look.heat + (look.heat > 0 ? 1 : 0), 8)])
        let heatStyle = Style(.heat, index: look.heat)
        let isMarked = state.marks.contains(bucket)
        var area = Rect(column: point.column, row: point.row, columns: max(grid.pitch - 1, 1), rows: 1)
        switch grid.grade {
        case .tile:
            area = Rect(column: point.column, row: point.row, columns: grid.pitch - 1, rows: 2)
            let number = Pad.right("\(bucket)", digits)
            canvas.put(
                [
                    (" \(number) ", Style(.text, attributes: isMarked ? .bold : [])), (look.letter, look.style),
                    (look.flag, look.flagStyle),
                ], at: point, limit: area.columns)
            // The rate, and as much of a bar as the tile has room for.
            let rate = Pad.right(Units.short(state.facts.bucketRates[bucket - 1]), digits + 4)
            let room = area.columns - digits - 4
            let bar =
                room < 4
                ? heat : " " + glyphs.bar(state.facts.bucketRates[bucket - 1] / state.facts.scale, columns: room - 2)
            canvas.put(
                [(rate, Style(look.heat == 0 ? .valueIdle : .value)), (bar, heatStyle)],
                at: Point(column: point.column, row: point.row + 1), limit: area.columns)
        case .cell:
            canvas.put(
                [
                    (Pad.right("\(bucket)", digits), Style(.textDim)), (" ", Style(.text)), (look.letter, look.style),
                    (heat, heatStyle), (look.flag, look.flagStyle),
                ], at: point, limit: grid.pitch)
        case .pair:
            let second = look.flag.isEmpty ? (heat, heatStyle) : (look.flag, look.flagStyle)
            canvas.put([(look.letter, look.style), second], at: point, limit: 2)
        case .letter:
            let isOdd = !look.flag.isEmpty
            canvas.put(isOdd ? look.flag : look.letter, at: point, style: isOdd ? look.flagStyle : look.style, limit: 1)
        }
        mark(area, bucket, isMarked: isMarked, grid)
    }

    /// The cursor and the marks, which must be seen without colours too.
    private mutating func mark(_ area: Rect, _ bucket: Int, isMarked: Bool, _ grid: BucketGrid) {
        let isSelected = bucket == state.buckets.selected
        if isMarked {
            canvas.paint(area, surface: .selectionInactive)
            canvas.add(.underline, to: area.line(0))
            if grid.grade == .tile {
                canvas.set(
                    glyphs.check, Point(column: area.maxColumn - 1, row: area.row),
                    Style(.planAdd, surface: .selectionInactive))
            }
        }
        guard isSelected else { return }
        canvas.paint(area, surface: .selection)
        if grid.grade == .tile || grid.label == 0 && grid.grade != .letter {
            if grid.grade == .tile { canvas.set(glyphs.marker, area.origin, Style(.selection, surface: .selection)) }
        }
        canvas.add([.bold, .reverse], to: grid.grade == .letter || grid.grade == .pair ? area : area.line(area.rows))
        cursor = area.origin
    }
}
