import Canvas
import ClusterModel

/// The map of buckets: heat by the ground that they lie on, the owner by letter and colour, what is odd by a sign.
struct HeatMap {
    let snapshot: ClusterSnapshot
    let source: HeatSource
    let state: ConsoleState
    let glyphs: GlyphSet

    init(_ state: ConsoleState, _ snapshot: ClusterSnapshot, _ glyphs: GlyphSet) {
        self.snapshot = snapshot
        source = HeatSource(state, snapshot)
        self.state = state
        self.glyphs = glyphs
    }

    /// What is odd about some buckets, the worst of it; nil: nothing is.
    func flag(_ buckets: ClosedRange<Int>) -> (glyph: Unicode.Scalar, style: Style)? {
        guard state.view.cursor == nil else { return nil }
        func has(_ set: BucketSet) -> Bool { !set.isEmpty && set.count(in: buckets) > 0 }
        if has(snapshot.coverage.conflicts) { return (glyphs.conflict, Style(.bucketConflict, attributes: .bold)) }
        if has(snapshot.coverage.orphans) { return (glyphs.orphan, Style(.bucketOrphan, attributes: .bold)) }
        if has(state.facts.draining) { return (glyphs.draining, Style(.bucketDraining)) }
        return has(state.facts.adopted) ? (glyphs.adopted, Style(.bucketAdopted)) : nil
    }

    /// A heat as a cell of its colour; where there are no colours its shade is seen.
    func patch(_ heat: Int) -> (glyph: Unicode.Scalar, style: Style) {
        (glyphs.shades[(heat + 1) / 2], Style(.heat, index: heat, surface: .heat, ground: heat))
    }

    /// The owner's letter on the owner's colour; an orphan's sign.
    func owner(of bucket: Int) -> (text: String, style: Style) {
        guard let owner = source.owner(of: bucket) else {
            let isUnknown = state.view.cursor != nil
            return isUnknown
                ? ("?", Style(.statusUnknown)) : (String(glyphs.orphan), Style(.bucketOrphan, attributes: .bold))
        }
        let isStale = state.view.cursor == nil && snapshot.nodes[owner].state != .live
        let letter = NodeTag.letter(owner)
        // Of a node that is not heard the colour fades: nobody knows whether it still answers.
        return isStale
            ? (letter, Style(.owner, index: owner, attributes: .dim))
            : (letter, Style(.text, surface: .owner, ground: owner))
    }
}

extension Painter {
    /// Draws the buckets that a grid lays out; `bucket` tells which one has a place.
    mutating func map(
        _ grid: BucketGrid, top: Int, selected: Int?, _ snapshot: ClusterSnapshot, bucket: (Int) -> Int?
    ) {
        let map = HeatMap(state, snapshot, glyphs)
        let rows = grid.visibleRows
        for row in 0..<rows {
            for column in 0..<grid.perRow {
                let places = grid.places(ofGroup: (top + row) * grid.perRow + column)
                guard let first = bucket(places.lowerBound), !places.isEmpty else { break }
                let last = bucket(places.upperBound - 1) ?? first
                let point = Point(
                    column: grid.area.column + grid.label + column * grid.pitch,
                    row: grid.area.row + (grid.grade == .half ? row / 2 : row * grid.rowHeight))
                if column == 0 { label(first, last: last, row: row, at: point, grid, map, bucket) }
                let size = grid.grade == .tile ? grid.rowHeight - 1 : 1
                target(Rect(column: point.column, row: point.row, columns: grid.pitch, rows: size), .bucket(first))
                if grid.grade == .half {
                    if row % 2 == 0 { halves(column, top + row, at: point, grid, selected, map, bucket) }
                } else {
                    self.bucket(first, at: point, grid, map, isSelected: first == selected)
                }
            }
        }
    }

    /// The number of a row's first bucket, and, where the map has no letters, whose the row is.
    private mutating func label(
        _ first: Int, last: Int, row: Int, at point: Point, _ grid: BucketGrid, _ map: HeatMap, _ bucket: (Int) -> Int?
    ) {
        guard grid.label > 0, grid.grade != .half || row % 2 == 0 else { return }
        let width = grid.label - (grid.grade == .half ? 4 : 2)
        let place = Point(column: grid.area.column, row: point.row)
        canvas.put(Pad.right("\(first)", width), at: place, style: Style(.textDim))
        guard grid.grade == .half else { return }
        let range = grid.places(ofGroup: row * grid.perRow).lowerBound
        let end = range + grid.perRow * grid.group * 2
        let owner = map.source.owner(of: first)
        let isWhole = stride(from: range, to: end, by: max(grid.group / 2, 1)).allSatisfy {
            bucket($0).map { map.source.owner(of: $0) == owner } ?? true
        }
        let (text, style) = isWhole ? map.owner(of: first) : ("*", Style(.textDim))
        canvas.put(text, at: Point(column: place.column + width + 1, row: place.row), style: style, limit: 1)
    }

    /// Two groups, one above the other; the hotter one has the ink, so that it is seen without colours, too.
    private mutating func halves(
        _ column: Int, _ row: Int, at point: Point, _ grid: BucketGrid, _ selected: Int?, _ map: HeatMap,
        _ bucket: (Int) -> Int?
    ) {
        let groups = [row, row + 1].map { row -> ClosedRange<Int>? in
            let places = grid.places(ofGroup: row * grid.perRow + column)
            guard !places.isEmpty, let first = bucket(places.lowerBound), let last = bucket(places.upperBound - 1)
            else { return nil }
            return first...last
        }
        guard let upper = groups[0] else { return }
        let heats = groups.map { $0.map(map.source.heat) }
        let flag = groups.lazy.compactMap { $0.flatMap(map.flag) }.first
        if let flag {
            canvas.set(flag.glyph, point, flag.style)
        } else if let lower = heats[1], let heat = heats[0], heat != lower {
            let isUpper = heat > lower
            canvas.set(
                isUpper ? glyphs.upperHalf : glyphs.heights[4], point,
                Style(.heat, index: max(heat, lower), surface: .heat, ground: min(heat, lower)))
        } else {
            let patch = map.patch(heats[0] ?? 0)
            canvas.set(patch.glyph, point, patch.style)
        }
        guard let selected else { return }
        if upper.contains(selected) || groups[1]?.contains(selected) == true {
            canvas.set(glyphs.marker, point, Style(.title, surface: .selection, attributes: [.bold, .reverse]))
        }
    }

    /// One bucket of the map, in the four sizes that have a place of their own.
    private mutating func bucket(_ bucket: Int, at point: Point, _ grid: BucketGrid, _ map: HeatMap, isSelected: Bool) {
        let heat = map.source.heat(bucket...bucket)
        let gap = grid.grade == .letter && grid.pitch == 1 ? 0 : 1
        let rows = grid.grade == .tile ? grid.rowHeight - 1 : 1
        let area = Rect(column: point.column, row: point.row, columns: max(grid.pitch - gap, 1), rows: rows)
        let patch = map.patch(heat)
        canvas.repeatGlyph(patch.glyph, across: area, patch.style)
        let ink = Style(.text, surface: .heat, ground: heat)
        let owner = map.owner(of: bucket)
        let flag = map.flag(bucket...bucket)
        switch grid.grade {
        case .tile: tile(bucket, heat, owner, flag, map, in: area)
        case .cell:
            canvas.put(Pad.right("\(bucket)", grid.pitch - 4) + " ", at: point, style: ink)
            canvas.put([owner], at: Point(column: area.maxColumn - 2, row: point.row), limit: 1)
            if let flag { canvas.set(flag.glyph, Point(column: area.maxColumn - 1, row: point.row), flag.style) }
        case .pair:
            canvas.put([owner], at: point, limit: 1)
            if let flag { canvas.set(flag.glyph, Point(column: point.column + 1, row: point.row), flag.style) }
        case .letter, .half:
            canvas.put(owner.text, at: point, style: heat == 0 ? owner.style : ink, limit: 1)
            if let flag { canvas.set(flag.glyph, point, flag.style) }
        }
        mark(area, bucket, isSelected, grid)
    }

    /// Number, owner and what is odd; below that the rate.
    private mutating func tile(
        _ bucket: Int, _ heat: Int, _ owner: (text: String, style: Style),
        _ flag: (glyph: Unicode.Scalar, style: Style)?, _ map: HeatMap, in area: Rect
    ) {
        let ink = Style(.text, surface: .heat, ground: heat)
        canvas.fill(area, ink)
        canvas.put(" \(bucket) ", at: area.origin, style: ink, limit: area.columns)
        let end = area.maxColumn - 2
        canvas.put([(text: owner.text, style: owner.style)], at: Point(column: end, row: area.row), limit: 1)
        if let flag, String(flag.glyph) != owner.text {
            canvas.set(flag.glyph, Point(column: end - 1, row: area.row), flag.style)
        }
        // What nobody owns nobody accepts, and nobody counts.
        let rate = map.source.owner(of: bucket) == nil ? nil : map.source.rate(bucket...bucket)
        let text = rate.map(Units.short) ?? "-"
        let unit = area.columns >= 10 ? "\(text) pps" : text
        canvas.put(
            Pad.right(unit, area.columns - 1), at: Point(column: area.column, row: area.maxRow - 1), style: ink,
            limit: area.columns)
        if area.rows >= 4, area.columns >= 10 {
            let columns = area.columns - 2
            let graph = glyphs.spark(values(bucket, columns: columns), columns: columns, peak: state.facts.scale)
            canvas.put(graph, at: Point(column: area.column + 1, row: area.maxRow - 2), style: ink)
        }
        // Where there are no colours the shade tells the heat.
        let patch = map.patch(heat)
        canvas.set(patch.glyph, Point(column: area.column, row: area.maxRow - 1), patch.style)
    }

    /// The cursor and the marks, which must be seen without colours too.
    private mutating func mark(_ area: Rect, _ bucket: Int, _ isSelected: Bool, _ grid: BucketGrid) {
        if state.marks.contains(bucket) {
            canvas.add(.underline, to: area.line(0))
            if grid.grade == .tile {
                canvas.set(
                    glyphs.check, Point(column: area.maxColumn - 1, row: area.row),
                    Style(.planAdd, surface: .selectionInactive))
            }
        }
        guard isSelected else { return }
        canvas.paint(area.line(0), surface: .selection)
        if grid.grade == .tile || grid.grade == .cell {
            canvas.set(glyphs.marker, area.origin, Style(.title, surface: .selection, attributes: .bold))
        }
        if grid.grade != .tile { canvas.add([.bold, .reverse], to: area) }
    }

    /// What the colours of a map mean, from idle to the top of the scale, and what its signs do.
    func heatLegend() -> Line {
        var line = Line("0 ", .textDim)
        for heat in 0..<8 {
            let glyph = glyphs.shades[(heat + 1) / 2]
            line.runs.append((String(glyph), Style(.heat, index: heat, surface: .heat, ground: heat)))
        }
        line.add(" \(Units.short(state.facts.scale)) pps", .textDim)
        return line
    }
}
