import Canvas
import ClusterModel
import Wording

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
                    + (node.silence(state.snapshot?.configuration.address).map { "\(node.name): \($0)" }
                        ?? "connecting to \(node.name) \(glyphs.ellipsis)"),
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

extension Painter {
    /// How one bucket looks: its owner's letter, the glyph of what is odd about it, its heat.
    private struct Look {
        var letter: String
        var flag = ""
        var heat: Int
        var style: Style
        var flagStyle = Style(.text)
    }

    private func look(_ bucket: Int, _ snapshot: ClusterSnapshot) -> Look {
        let owner = snapshot.coverage.owner(of: bucket)
        let heat = state.facts.heat(of: bucket)
        guard let owner else {
            let style = Style(.bucketOrphan, attributes: .bold)
            return Look(letter: String(glyphs.orphan), heat: heat, style: style)
        }
        let isStale = snapshot.nodes[owner].state != .live
        let emphasis: Attributes = heat == 0 || isStale ? .dim : heat >= 5 ? .bold : []
        let style = Style(.owner, index: owner, attributes: emphasis)
        var look = Look(letter: NodeTag.letter(owner), heat: heat, style: style)
        if snapshot.coverage.conflicts.contains(bucket) {
            (look.flag, look.flagStyle) = (String(glyphs.conflict), Style(.bucketConflict, attributes: .bold))
        } else if state.facts.draining.contains(bucket) {
            (look.flag, look.flagStyle) = (String(glyphs.draining), Style(.bucketDraining))
        } else if state.facts.adopted.contains(bucket) {
            (look.flag, look.flagStyle) = (String(glyphs.adopted), Style(.bucketAdopted))
        }
        return look
    }

    /// One bucket of the map.
    mutating func bucket(
        _ bucket: Int, at point: Point, _ grid: BucketGrid, _ total: Int, _ snapshot: ClusterSnapshot, isSelected: Bool
    ) {
        let look = look(bucket, snapshot)
        let heat = String(look.heat == 0 ? glyphs.heights[0] : glyphs.heights[min(look.heat + 1, 8)])
        let heatStyle = Style(.heat, index: look.heat)
        let rows = grid.grade == .tile ? 2 : 1
        let area = Rect(column: point.column, row: point.row, columns: max(grid.pitch - 1, 1), rows: rows)
        let surface: Scope =
            isSelected ? .selection : state.marks.contains(bucket) ? .selectionInactive : .background
        if surface != .background { canvas.fill(area, Style(.text, surface: surface)) }
        switch grid.grade {
        case .tile: tile(bucket, look, in: area, digits: String(total).count)
        case .cell:
            let number = Pad.right("\(bucket)", String(total).count)
            canvas.put(
                [
                    (number, Style(.textDim)), (" ", Style(.text)), (look.letter, look.style), (heat, heatStyle),
                    (look.flag, look.flagStyle),
                ], at: point, limit: grid.pitch)
        case .pair:
            let second = look.flag.isEmpty ? (heat, heatStyle) : (look.flag, look.flagStyle)
            canvas.put([(look.letter, look.style), second], at: point, limit: 2)
        case .letter:
            let isOdd = !look.flag.isEmpty
            canvas.put(isOdd ? look.flag : look.letter, at: point, style: isOdd ? look.flagStyle : look.style, limit: 1)
        }
        mark(area, bucket, surface, grid)
    }

    /// Number, owner and what is odd; below the rate, and as much of a bar as there is room for.
    private mutating func tile(_ bucket: Int, _ look: Look, in area: Rect, digits: Int) {
        let number = Pad.right("\(bucket)", digits)
        let head = [(" \(number) ", Style(.text)), (look.letter, look.style), (look.flag, look.flagStyle)]
        canvas.put(head, at: area.origin, limit: area.columns)
        let rate = state.facts.rate(of: bucket)
        let room = area.columns - digits - 4
        let bar =
            room < 4
            ? String(glyphs.heights[look.heat == 0 ? 0 : min(look.heat + 1, 8)])
            : " " + glyphs.bar((rate ?? 0) / state.facts.scale, columns: room - 2)
        let text = Pad.right(rate.map(Units.short) ?? "-", digits + 4)
        canvas.put(
            [(text, Style(look.heat == 0 ? .valueIdle : .value)), (bar, Style(.heat, index: look.heat))],
            at: Point(column: area.column, row: area.row + 1), limit: area.columns)
    }

    /// The cursor and the marks, which must be seen without colours too.
    private mutating func mark(_ area: Rect, _ bucket: Int, _ surface: Scope, _ grid: BucketGrid) {
        guard surface != .background else { return }
        canvas.paint(area, surface: surface)
        if state.marks.contains(bucket) {
            canvas.add(.underline, to: area.line(0))
            let end = Point(column: area.maxColumn - 1, row: area.row)
            if grid.grade == .tile { canvas.set(glyphs.check, end, Style(.planAdd, surface: surface)) }
        }
        guard surface == .selection else { return }
        if grid.grade == .tile {
            canvas.set(glyphs.marker, area.origin, Style(.title, surface: .selection, attributes: .bold))
        } else {
            canvas.add([.bold, .reverse], to: area)
        }
    }
}
