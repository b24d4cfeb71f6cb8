import Canvas

/// How many rows a pane needs, and how many it can use.
struct PaneHeight: Hashable, Sendable {
    /// With fewer it is left out.
    var least: Int
    /// All that it has to show.
    var wanted: Int
    /// Its part of the rows that nobody wants; 0: none.
    var weight = 0
}

/// Panes in columns, each as high as it needs to be; what remains goes to those that grow.
struct PaneBoard: Sendable {
    /// Panes one below the other.
    struct Column: Sendable {
        var panes: [PaneID]
        /// Its part of the width.
        var share = 1
    }

    /// A pane with its place.
    struct Placed: Hashable, Sendable {
        var pane: PaneID
        var rect: Rect
    }

    /// The columns, from left to right.
    var columns: [Column]
    /// What the operator has changed.
    var settings: PaneSettings

    /// Panes dealt out to as many columns as there is room for: first those that grow, so that no column stays empty.
    init(dealing panes: [PaneID], in rect: Rect, settings: PaneSettings) {
        let shown = panes.filter { !settings.hidden.contains($0) }
        let growing = shown.filter(\.grows)
        let count = min(max(rect.columns / 58, 1), max(growing.count, min(shown.count, 1)), 4)
        var dealt = Array(repeating: Column(panes: []), count: count)
        for pane in growing + shown.filter({ !$0.grows }) {
            let fewest = dealt.indices.min { dealt[$0].panes.count < dealt[$1].panes.count }
            if let fewest { dealt[fewest].panes.append(pane) }
        }
        columns = dealt
        self.settings = settings
    }

    /// Panes in given columns.
    init(_ columns: [Column], settings: PaneSettings) {
        self.columns = columns
        self.settings = settings
    }

    /// Where each pane stands.
    func placed(in rect: Rect, height: (PaneID, Rect) -> PaneHeight) -> [Placed] {
        let columns = columns.compactMap { column -> Column? in
            let panes = column.panes.filter { !settings.hidden.contains($0) }
            return panes.isEmpty ? nil : Column(panes: panes, share: column.share)
        }
        var placed: [Placed] = []
        var rest = rect
        for (index, column) in columns.enumerated() {
            let shares = columns[index...].reduce(0) { $0 + $1.share }
            let isLast = index == columns.count - 1
            let (left, right) = rest.splitLeft(isLast ? rest.columns : rest.columns * column.share / shares)
            rest = right
            let area = isLast ? left : left.splitLeft(left.columns - 2).left
            placed += stacked(column.panes, in: area, height: height)
        }
        return placed
    }

    private func stacked(_ panes: [PaneID], in area: Rect, height: (PaneID, Rect) -> PaneHeight) -> [Placed] {
        var needs = panes.map { ($0, height($0, area)) }
        while needs.count > 1, needs.reduce(0, { $0 + $1.1.least }) > area.rows { needs.removeLast() }
        let heights = adjusted(Self.dealt(needs.map(\.1), rows: area.rows), needs)
        var rest = area
        return zip(needs, heights).compactMap { need, rows in
            let (top, below) = rest.splitTop(rows)
            rest = below
            return rows > 0 ? Placed(pane: need.0, rect: top) : nil
        }
    }

    /// Rows by what panes need, then by what they want, then by weight.
    static func dealt(_ needs: [PaneHeight], rows: Int) -> [Int] {
        var heights = needs.map(\.least)
        var rest = max(rows - heights.reduce(0, +), 0)
        for index in needs.indices {
            let more = min(max(needs[index].wanted - heights[index], 0), rest)
            heights[index] += more
            rest -= more
        }
        var weight = needs.reduce(0) { $0 + $1.weight }
        for index in needs.indices where needs[index].weight > 0 {
            let more = rest * needs[index].weight / weight
            heights[index] += more
            rest -= more
            weight -= needs[index].weight
        }
        return heights.map { min($0, rows) }
    }

    /// The heights with what the operator has added or taken away; the others give or take it.
    private func adjusted(_ heights: [Int], _ needs: [(PaneID, PaneHeight)]) -> [Int] {
        var heights = heights
        for index in needs.indices {
            guard let change = settings.rows[needs[index].0], needs.count > 1 else { continue }
            for _ in 0..<abs(change) {
                let others = needs.indices.filter { $0 != index }
                let slack = { (place: Int) in heights[place] - needs[place].1.least }
                if change > 0 {
                    guard let giver = others.max(by: { slack($0) < slack($1) }), slack(giver) > 0 else { break }
                    heights[giver] -= 1
                    heights[index] += 1
                } else {
                    guard slack(index) > 0, let taker = others.last(where: { needs[$0].1.weight > 0 }) ?? others.last
                    else { break }
                    heights[index] -= 1
                    heights[taker] += 1
                }
            }
        }
        return heights
    }
}
