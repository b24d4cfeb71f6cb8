import Canvas
import ClusterModel

/// A column of the node table.
struct NodeColumn {
    /// What it shows.
    enum Kind: CaseIterable {
        case tag, name, state, strip, count, pps, bits, share, bar, draining, connections, health, link, age, driver
    }

    var kind: Kind
    var title: String
    var width: Int
    /// Numbers stand right, so that their digits keep their places.
    var isRight = false

    /// The order in which columns go when there is no room: the last first.
    private static let importance: [Kind] = [
        .name, .strip, .pps, .state, .tag, .health, .count, .draining, .age, .share, .connections, .bits, .driver,
        .link, .bar,
    ]

    /// The columns that fit; the strip takes the room the others leave, at most a cell a bucket.
    static func fitting(_ columns: Int, state: ConsoleState) -> [NodeColumn] {
        let gap = gap(columns)
        var kept = Set<Kind>()
        var used = 0
        let all = all(columns, state: state)
        for kind in importance {
            guard let column = all.first(where: { $0.kind == kind }) else { continue }
            guard used + column.width + gap <= columns || kept.isEmpty else { break }
            used += column.width + gap
            kept.insert(kind)
        }
        let spare = max(columns - used, 0)
        let longest = state.nodes.showsLists ? 48 : min(max(state.totalBuckets, 6), 64)
        return all.filter { kept.contains($0.kind) }.map { column in
            var column = column
            if column.kind == .strip { column.width += min(spare, max(longest - column.width, 0)) }
            return column
        }
    }

    /// Blanks between two columns.
    static func gap(_ columns: Int) -> Int { columns >= 110 ? 2 : 1 }

    private static func all(_ columns: Int, state: ConsoleState) -> [NodeColumn] {
        let nodes = state.shownNodes
        let name = nodes.reduce(4) { max($0, displayWidth(of: $1.name)) }
        let driver = nodes.reduce(6) { max($0, displayWidth(of: $1.sample?.driver ?? "")) }
        let health = nodes.reduce(6) { max($0, $1.sample.map { healthText($0.health).count } ?? 0) }
        let digits = max(String(state.totalBuckets).count, 3)
        return [
            NodeColumn(kind: .tag, title: " ", width: 1),
            NodeColumn(kind: .name, title: "NODE", width: min(name, columns >= 110 ? 24 : columns >= 60 ? 14 : 8)),
            NodeColumn(kind: .state, title: columns >= 60 ? "STATE" : " ", width: columns >= 60 ? 13 : 1),
            NodeColumn(kind: .strip, title: "OWNED", width: min(max(state.totalBuckets, 8), 16)),
            NodeColumn(kind: .count, title: "BKT", width: digits, isRight: true),
            NodeColumn(kind: .pps, title: "PPS", width: 5, isRight: true),
            NodeColumn(kind: .bits, title: "BITS", width: 11, isRight: true),
            NodeColumn(kind: .share, title: "SHARE", width: 5, isRight: true),
            NodeColumn(kind: .bar, title: "", width: 10),
            NodeColumn(kind: .draining, title: "DRAIN", width: 5, isRight: true),
            NodeColumn(kind: .connections, title: "CONNS", width: 5, isRight: true),
            NodeColumn(kind: .health, title: "HEALTH", width: min(health, 20)),
            NodeColumn(kind: .link, title: "LINK", width: 6, isRight: true),
            NodeColumn(kind: .age, title: "AGE", width: 4, isRight: true),
            NodeColumn(kind: .driver, title: "DRIVER", width: min(driver, 14)),
        ]
    }

    /// The health of a node in one cell.
    static func healthText(_ health: MulticastHealth) -> String {
        let words = HealthWords.words(health)
        guard let first = words.first else { return "ok" }
        return words.count == 1 ? first : "\(first) +\(words.count - 1)"
    }
}
