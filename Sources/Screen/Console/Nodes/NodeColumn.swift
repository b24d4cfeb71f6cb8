import Canvas
import ClusterModel
import Wording

/// A column of the node table; a new one is one more value in `all`.
struct NodeColumn: Sendable {
    /// Text in its style, from left to right.
    typealias Runs = [(text: String, style: Style)]

    /// What stands above it, where there is room for that.
    let title: String
    /// When it goes as room gets scarce; 1 goes last.
    let rank: Int
    /// How wide it is on a screen of so many columns.
    let width: @Sendable (Int, ConsoleState) -> Int
    /// How wide it may become when room is left over.
    var mostWidth: @Sendable (ConsoleState) -> Int = { _ in 0 }
    /// Numbers stand right, so that their digits keep their places.
    var isRight = false
    /// How nodes are ordered by it; nil: they are not.
    var order: NodeOrder?
    /// Whether there is such a column on a screen of so many columns.
    var isThere: @Sendable (Int, ConsoleState) -> Bool = { _, _ in true }
    /// Why a node shows nothing from here on to the right; nil when it does.
    var silence: @Sendable (NodeRow) -> String? = { _ in nil }
    /// Whether a node shows it also when it shows nothing else from some column on.
    var isKept = false
    /// A node's cell, so many columns wide.
    let cell: @Sendable (NodeRow, Int) -> Runs

    /// Every column, from left to right.
    static let all: [NodeColumn] = [
        tag, name, state, strip, count, packets, replied, bits, share, bar, draining, connections, health, carrier,
        ownMAC, joined, rewritten, address, delay, age, driver,
    ]

    private static let tag = NodeColumn(title: "", rank: 5, width: { _, _ in 1 }) { row, _ in
        [(NodeTag.letter(row.index), Style(.owner, index: row.index, attributes: .bold))]
    }

    private static let name = NodeColumn(
        title: "NODE", rank: 1,
        width: { columns, console in
            let longest = console.shownNodes.reduce(4) { max($0, displayWidth(of: $1.name)) }
            return min(longest, columns >= 110 ? 24 : columns >= 60 ? 14 : 8)
        },
        order: NodeOrder("name") { $0.status.name < $1.status.name }
    ) { row, _ in [(row.status.name, row.style(.text))] }

    private static let state = NodeColumn(
        title: "STATE", rank: 4, width: { columns, _ in columns >= 60 ? 13 : 1 },
        order: NodeOrder("state") { $0.status.state.badness > $1.status.state.badness }
    ) { row, width in
        let (sign, word, scope) = row.condition
        return [(width > 1 ? "\(sign) \(word)" : "\(sign)", Style(scope))]
    }

    private static let strip = NodeColumn(
        title: "OWNED", rank: 2, width: { _, console in min(max(console.totalBuckets, 8), 16) },
        mostWidth: { $0.nodes.showsLists ? 48 : min(max($0.totalBuckets, 6), 64) },
        silence: { row in
            guard row.status.sample == nil else { return nil }
            let isConnecting = row.status.state == .connecting
            return row.silence
                ?? (isConnecting ? "connecting to \(row.status.name) \(row.glyphs.ellipsis)" : "not heard yet")
        }
    ) { row, width in
        let ownership = row.status.ownership
        if row.console.nodes.showsLists { return [(ownership.accepting.fitting(width), row.ownerStyle)] }
        let strip = Strip(
            ownership: ownership, total: row.console.totalBuckets, index: row.index, attributes: row.attributes)
        return strip.runs(width: width, glyphs: row.glyphs)
    }

    private static let count = NodeColumn(
        title: "BKT", rank: 7, width: { max(String($1.totalBuckets).count, 3) }, isRight: true,
        order: NodeOrder("buckets") { $0.facts.acceptingCount > $1.facts.acceptingCount }
    ) { row, _ in [("\(row.facts.acceptingCount)", row.style(.value))] }

    private static let packets = NodeColumn(
        title: "PPS", rank: 3, width: { _, _ in 5 }, isRight: true,
        order: NodeOrder("pps") {
            ($0.facts.rates.accepted?.packetsPerSecond ?? -1) > ($1.facts.rates.accepted?.packetsPerSecond ?? -1)
        },
        silence: { row in row.status.state == .unreachable ? row.silence ?? "not heard" : nil }
    ) { row, _ in [row.rate(row.packets(.accepted), Units.short)] }

    private static let replied = NodeColumn(
        title: "REPLIED", rank: 12, width: { _, _ in 7 }, isRight: true,
        isThere: { _, console in console.facts.nodes.contains { $0.rates.replied != nil } }
    ) { row, _ in [row.rate(row.packets(.replied), Units.short)] }

    private static let bits = NodeColumn(title: "BITS", rank: 13, width: { _, _ in 11 }, isRight: true) { row, _ in
        [row.rate(row.facts.rates.accepted?.bitsPerSecond, Units.bits)]
    }

    private static let share = NodeColumn(title: "SHARE", rank: 10, width: { _, _ in 5 }, isRight: true) { row, _ in
        let rate = row.facts.rates.accepted?.packetsPerSecond
        return [(rate.map { Units.percent($0, of: row.whole) } ?? "-", row.style(.value))]
    }

    private static let bar = NodeColumn(title: "", rank: 15, width: { _, _ in 10 }) { row, width in
        let share = row.whole > 0 ? (row.facts.rates.accepted?.packetsPerSecond ?? 0) / row.whole : 0
        return [(row.glyphs.bar(share, columns: width), row.ownerStyle)]
    }

    private static let draining = NodeColumn(
        title: "DRAIN", rank: 8, width: { _, _ in 5 }, isRight: true,
        isThere: { columns, console in columns < detailColumns || !console.facts.draining.isEmpty }
    ) { row, _ in
        let count = row.facts.drainingCount
        return [("\(count)", row.style(count > 0 ? .bucketDraining : .valueIdle))]
    }

    private static let connections = NodeColumn(
        title: "CONNS", rank: 11, width: { _, _ in 5 }, isRight: true,
        order: NodeOrder("connections") {
            ($0.status.sample?.connections ?? -1) > ($1.status.sample?.connections ?? -1)
        }
    ) { row, _ in
        let count = row.status.sample?.connections.map { Units.short(UInt64(clamping: $0)) }
        return [(count ?? "-", row.style(.value))]
    }

    /// From so many columns on a node's row has its facts one by one instead of one word for all.
    private static let detailColumns = 118

    private static let health = NodeColumn(
        title: "HEALTH", rank: 6,
        width: { _, console in
            min(console.shownNodes.reduce(6) { max($0, $1.sample.map { text($0.health).count } ?? 0) }, 20)
        },
        isThere: { columns, _ in columns < detailColumns }
    ) { row, _ in
        guard let sample = row.status.sample else { return [("-", Style(.textDim))] }
        return [(text(sample.health), row.style(sample.health.isGood ? .statusOk : .statusError))]
    }

    private static let carrier = NodeColumn(
        title: "LINK", rank: 6, width: { _, _ in 4 }, isThere: { columns, _ in columns >= detailColumns }
    ) { row, _ in
        guard let health = row.status.sample?.health else { return [("-", Style(.textDim))] }
        if !health.interfacePresent { return [("NONE", row.style(.statusError))] }
        return [health.interfaceUp ? ("up", row.style(.text)) : ("DOWN", row.style(.statusError))]
    }

    private static let ownMAC = NodeColumn(
        title: "OWN MAC", rank: 6, width: { _, _ in 17 }, isThere: { columns, _ in columns >= detailColumns }
    ) { row, _ in [(row.status.sample?.health.interfaceMAC.map { "\($0)" } ?? "-", row.style(.textDim))] }

    private static let joined = fact("MAC") { $0.macJoined && $0.groupJoined != false }
    private static let rewritten = fact("ARP") { $0.arpRewritten }
    private static let address = fact("ADDR") { $0.addressPresent }

    /// A fact of a node's interface that is as it should be, or not.
    private static func fact(
        _ title: String, _ isGood: @escaping @Sendable (MulticastHealth) -> Bool
    ) -> NodeColumn {
        NodeColumn(
            title: title, rank: 6, width: { _, _ in 4 },
            isThere: { columns, _ in columns >= detailColumns }
        ) { row, _ in
            guard let health = row.status.sample?.health else { return [("-", Style(.textDim))] }
            let isGood = isGood(health)
            return [
                (
                    isGood ? "\(row.glyphs.check)" : "\(row.glyphs.error) no",
                    row.style(isGood ? .statusOk : .statusError)
                )
            ]
        }
    }

    private static let delay = NodeColumn(title: "DELAY", rank: 14, width: { _, _ in 6 }, isRight: true) { row, _ in
        [(row.status.linkDelay.map(Units.delay) ?? "-", Style(.textDim))]
    }

    private static let age = NodeColumn(
        title: "AGE", rank: 9, width: { _, _ in 4 }, isRight: true,
        order: NodeOrder("age") { ($0.status.age ?? .infinity) > ($1.status.age ?? .infinity) }, isKept: true
    ) { row, _ in
        let node = row.status
        // A live node's age is no news and would only flicker.
        let text = node.age.map { node.state == .live && $0 < 3 ? "now" : Units.age($0) } ?? "-"
        return [(text, Style(node.state == .live ? .textDim : node.state.scope))]
    }

    private static let driver = NodeColumn(
        title: "DRIVER", rank: 13,
        width: { _, console in
            min(console.shownNodes.reduce(6) { max($0, displayWidth(of: $1.sample?.driver ?? "")) }, 14)
        }
    ) { row, _ in [(row.status.sample?.driver ?? "-", Style(.textDim))] }

    /// The health of a node in one cell.
    private static func text(_ health: MulticastHealth) -> String {
        let words = HealthWords.words(health)
        guard let first = words.first else { return "ok" }
        return words.count == 1 ? first : "\(first) +\(words.count - 1)"
    }
}

extension NodeColumn {
    /// The columns that fit, each with its width.
    static func fitting(_ columns: Int, _ console: ConsoleState) -> [(column: NodeColumn, width: Int)] {
        var kept: [Int: Int] = [:]
        var room = columns
        for place in all.indices.sorted(by: { all[$0].rank < all[$1].rank }) {
            guard all[place].isThere(columns, console) else { continue }
            let width = all[place].width(columns, console)
            guard width + gap(columns) <= room || kept.isEmpty else { break }
            room -= width + gap(columns)
            kept[place] = width
        }
        return all.indices.compactMap { place in
            guard let width = kept[place] else { return nil }
            let more = min(max(room, 0), max(all[place].mostWidth(console) - width, 0))
            return (all[place], width + more)
        }
    }

    /// Blanks between two columns.
    static func gap(_ columns: Int) -> Int { columns >= 140 ? 2 : 1 }
}

/// A node with all that its cells are made of.
struct NodeRow {
    /// The node.
    let status: NodeStatus
    /// Its place, which gives letter and colour.
    let index: Int
    /// What was worked out of it.
    let facts: NodeTotals
    /// Everything else.
    let console: ConsoleState
    let glyphs: GlyphSet

    /// Dimmed when what is known of the node may have changed.
    var attributes: Attributes { status.state == .live ? [] : .dim }
    /// The node's own colour.
    var ownerStyle: Style { Style(.owner, index: index, attributes: attributes) }
    /// Why nothing new is known of the node; nil when all is well.
    var silence: String? { status.silence(console.snapshot?.configuration.address) }
    /// Packets per second of one counter, now or at the time that is looked at; nil when that is not known.
    func packets(_ counter: Counter) -> Double? {
        guard let time = console.view.cursor else { return facts.rates[counter]?.packetsPerSecond }
        let load = console.past.load(of: index, from: time, seconds: 1)
        return (counter == .replied ? load?.replied : load?.accepted).map(Double.init)
    }
    /// What the whole cluster accepts, packets per second.
    var whole: Double { console.facts.accepted?.packetsPerSecond ?? 0 }

    /// How the node is: how well it is heard, or what is wrong with it although it is heard; live is green only when
    /// nothing is.
    var condition: (sign: Unicode.Scalar, word: String, scope: Scope) {
        guard status.state == .live, let worst = facts.worst else {
            return (glyphs.sign(status.state), status.state.rawValue, status.state.scope)
        }
        let word = worst.severity == .critical ? worst.tag : status.state.rawValue
        return (glyphs.sign(worst.severity), word, worst.severity.scope)
    }

    /// A meaning, dimmed when the node is.
    func style(_ scope: Scope) -> Style { Style(scope, attributes: attributes) }

    /// A number that is dimmer when it is zero; a dash when it is not known.
    func rate(_ value: Double?, _ unit: (Double) -> String) -> (text: String, style: Style) {
        (value.map(unit) ?? "-", style((value ?? 0) > 0 ? .value : .valueIdle))
    }
}

/// An order of the nodes, by name.
struct NodeOrder: Sendable {
    /// What is typed behind `:sort`.
    let name: String
    /// Whether a node stands before another; nil: as in the cluster file.
    let isBefore: (@Sendable (RankedNode, RankedNode) -> Bool)?

    init(_ name: String, isBefore: (@Sendable (RankedNode, RankedNode) -> Bool)? = nil) {
        self.name = name
        self.isBefore = isBefore
    }

    /// As in the cluster file.
    static let file = NodeOrder("order")
    /// The cluster file's order, and one for each column that has one.
    static let all = [file] + NodeColumn.all.compactMap(\.order)

    /// The order that the sort key switches to from this one.
    var next: NodeOrder {
        let index = Self.all.firstIndex { $0.name == name } ?? 0
        return Self.all[(index + 1) % Self.all.count]
    }
}

/// What nodes are ordered by.
struct RankedNode {
    let status: NodeStatus
    let facts: NodeTotals
}

extension NodeState {
    /// How bad it is; live is 0.
    fileprivate var badness: Int {
        switch self {
        case .live: 0
        case .connecting: 1
        case .stale: 2
        case .unreachable: 3
        }
    }
}
