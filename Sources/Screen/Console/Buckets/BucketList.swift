import Canvas
import ClusterModel

/// What the list of buckets is ordered by.
enum BucketOrder: String, CaseIterable, Sendable {
    case rate, change, number, owner
}

/// A bucket as a row of the list.
struct BucketRow: Hashable, Sendable {
    var bucket: Int
    var rate: Double?
    /// How much faster it is than a few seconds ago; nil when that is not known.
    var change: Double?
    var owner: Int?

    /// Whether it stands before another in an order.
    func isBefore(_ other: Self, by order: BucketOrder) -> Bool {
        switch order {
        case .rate: (other.rate ?? -1, bucket) < (rate ?? -1, other.bucket)
        case .change: (abs(other.change ?? -1), bucket) < (abs(change ?? -1), other.bucket)
        case .number: bucket < other.bucket
        case .owner: (owner ?? -1, bucket) < (other.owner ?? -1, other.bucket)
        }
    }
}

extension BucketsScreen {
    /// The rows of the list, in order.
    func listRows(_ console: ConsoleState) -> [BucketRow] {
        guard let snapshot = console.snapshot else { return [] }
        let source = HeatSource(console, snapshot)
        let total = console.totalBuckets
        let before = console.past.moment(at: (console.view.cursor ?? console.wall) - 10)
        let rows = (0..<count(of: total)).compactMap { bucket(at: $0, of: total) }.map { bucket in
            let rate = source.rate(bucket...bucket)
            let old = before?.look(at: bucket...bucket, of: total).rate.rate
            // What was before is known to an eighth: less than that is no change.
            let change = rate.flatMap { rate in
                old.map { abs(rate - $0) > max(rate, $0) / 6 ? rate - $0 : 0 }  // bounded: both are Double
            }
            return BucketRow(bucket: bucket, rate: rate, change: change, owner: source.owner(of: bucket))
        }
        return rows.sorted { $0.isBefore($1, by: order) }
    }
}

extension Painter {
    /// The list of buckets: the hottest first, or by another column.
    mutating func bucketList(_ screen: BucketsScreen, in area: Rect, _ snapshot: ClusterSnapshot) {
        let rows = screen.listRows(state)
        let history = max(min(area.columns - 60, 60), 0)
        let head = "  \(Pad.right("BUCKET", 6))  \(Pad.left("OWNER", 14))  STATE       PPS   10 s  "
        canvas.put(
            head + (history > 9 ? "LAST \(state.view.period.words)" : ""), in: area.line(0), style: Style(.header))
        let visible = area.splitTop(1).rest
        var cursor = ListCursor(row: rows.firstIndex { $0.bucket == screen.selected } ?? 0, top: screen.top)
        cursor.clamp(count: rows.count, visible: visible.rows)
        for (line, row) in rows.dropFirst(cursor.top).prefix(visible.rows).enumerated() {
            let place = visible.line(line)
            let isSelected = cursor.top + line == cursor.row
            target(place, .bucket(row.bucket))
            if isSelected { canvas.fill(place, Style(.text, surface: .selection)) }
            put(self.line(row, history: history, snapshot), in: place)
            if isSelected { select(place) }
        }
    }

    private func line(_ row: BucketRow, history: Int, _ snapshot: ClusterSnapshot) -> Line {
        let mark = state.marks.contains(row.bucket) ? String(glyphs.check) : " "
        var line = Line(" \(mark)\(Pad.right("\(row.bucket)", 6))  ", .text)
        let map = HeatMap(state, snapshot, glyphs)
        line.runs.append(map.owner(of: row.bucket))
        let name = row.owner.map { snapshot.nodes[$0].name } ?? "none"
        line.add(" \(Pad.left(String(name.prefix(12)), 12))  ", .text)
        let flag = map.flag(row.bucket...row.bucket)
        line.add(flag.map { String($0.glyph) + " " } ?? "  ", flag?.style.scope ?? .text)
        line.add(Pad.right(row.rate.map(Units.short) ?? "-", 12), (row.rate ?? 0) > 0 ? .value : .valueIdle)
        line.add("  " + Pad.right(Self.change(row.change), 6) + "  ", (row.change ?? 0) < 0 ? .rateDown : .rateUp)
        guard history > 9 else { return line }
        line.add(glyphs.spark(values(row.bucket, columns: history), columns: history, peak: state.facts.scale), .spark)
        return line
    }

    /// "+12", "-1.2k", nothing when it is as it was.
    private static func change(_ change: Double?) -> String {
        guard let change, abs(change) >= 0.5 else { return "" }
        return (change > 0 ? "+" : "-") + Units.short(abs(change))
    }

    /// How fast a bucket was in the time that graphs show, a value a column; below 0: not known.
    func values(_ bucket: Int, columns: Int) -> [Double] {
        let window = state.view.window(columns: columns, now: state.wall)
        return (0..<columns).map { column in
            state.past.moments(from: window.time(of: column), seconds: window.step)
                .reduce(PackedRate.unknown) { $0.higher($1.look(at: bucket...bucket, of: state.totalBuckets).rate) }
                .rate ?? -1
        }
    }
}
