import Canvas
import ClusterModel

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
        let rate = state.facts.bucketRates[bucket - 1]
        let room = area.columns - digits - 4
        let bar =
            room < 4
            ? String(glyphs.heights[look.heat == 0 ? 0 : min(look.heat + 1, 8)])
            : " " + glyphs.bar(rate / state.facts.scale, columns: room - 2)
        let text = Pad.right(Units.short(rate), digits + 4)
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
