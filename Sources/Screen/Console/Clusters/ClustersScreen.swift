import Canvas
import ClusterModel

/// The Clusters screen: every cluster of this console, the worst first.
struct ClustersScreen: ListScreen, FilteredScreen {
    static let title = "Clusters"
    static let help = "Show all clusters of this console, the worst first"

    var cursor = ListCursor()
    var filter = ""
    /// The clusters in the order in which they were named; empty when there is one only.
    fileprivate var all: [ClusterSummary] = []
    /// Which of them is in front.
    fileprivate var front = 0
    /// Their places, the worst first.
    private(set) var rows: [Int] = []

    static let words: [HelpWord] = [.bucket, .accepted]

    static let commands: [Command] = [
        .enlarge,
        Command("enter", title: "go in", "Show the selected cluster", .view, [.enter], footer: 2) {
            $0.clusters.selected.map { [.openCluster($0)] } ?? []
        },
    ]

    mutating func arrange(_ console: ConsoleState) {
        let selected = selected
        let filter = TextFilter(filter)
        rows = all.indices.filter { filter.matches([all[$0].name] + all[$0].words) }
            .sorted { (all[$1].level, $0) < (all[$0].level, $1) }
        if let selected, let row = rows.firstIndex(of: selected) { cursor.row = row }
        cursor.row = min(cursor.row, max(rows.count - 1, 0))
    }

    func count(_ console: ConsoleState) -> Int { rows.count }

    func filterRemark(_ console: ConsoleState) -> String { "\(rows.count) of \(all.count)" }

    /// The place of the selected cluster.
    var selected: Int? { rows.indices.contains(cursor.row) ? rows[cursor.row] : nil }

    func selection(_ console: ConsoleState) -> Selection {
        Selection(text: selected.map { "\(all[$0].name): \(all[$0].words.first ?? "")" } ?? console.clusterName)
    }

    /// How many of the others are worse than good.
    func badge(_ console: ConsoleState, _ glyphs: GlyphSet) -> Badge? {
        let worse = all.enumerated().filter { $0.offset != front && $0.element.level >= .warning }.map(\.element.level)
        guard let worst = worse.max() else { return nil }
        return Badge(text: "\(glyphs.sign(worst))\(worse.count)", scope: worst.scope)
    }

    func draw(_ body: Rect, _ painter: inout Painter) { painter.clusters(self, in: body) }
}

extension ScreenID {
    static let clusters = ClustersScreen.id
}

extension ConsoleState {
    /// The Clusters screen.
    var clusters: ClustersScreen {
        get { screens[ClustersScreen.self] }
        set { screens[ClustersScreen.self] = newValue }
    }

    /// Takes how all clusters are.
    mutating func takeClusters(_ summaries: [ClusterSummary], front: Int) {
        clusters.all = summaries
        clusters.front = front
        change(.clusters) { $0.arrange($1) }
    }

    /// Goes to the cluster so many places further.
    fileprivate func stepCluster(by distance: Int) -> [Effect] {
        let count = clusters.all.count
        return count > 1 ? [.openCluster((clusters.front + distance + count) % count)] : []
    }

    /// Why no other cluster can be shown.
    fileprivate var singleObstacle: String? {
        clusters.all.count > 1 ? nil : "this console has one cluster: start it with several, --cluster a --cluster b"
    }
}

extension Command {
    /// The ways from one cluster to another, on every screen.
    static let clusters: [Command] = [
        Command(
            "nextcluster", title: "next cluster", "Show the next cluster of this console", .screens, [.character("]")],
            unless: { $0.singleObstacle }
        ) { $0.stepCluster(by: 1) },
        Command(
            "previouscluster", title: "previous cluster", "Show the previous cluster of this console", .screens,
            [.character("[")], unless: { $0.singleObstacle }
        ) { $0.stepCluster(by: -1) },
    ]
}

extension Painter {
    /// The Clusters screen.
    mutating func clusters(_ screen: ClustersScreen, in body: Rect) {
        let (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        rule(heading, title: "Clusters", remark: screen.all.isEmpty ? "1" : screen.filterRemark(state))
        guard !screen.all.isEmpty else {
            let words = "this console has one cluster, \(state.clusterName); others stand here when it is started with"
            let text = Wrap.lines("\(words) --cluster NAME --cluster NAME, or --all", columns: rest.columns - 2)
            lines(text.map { Line($0, .textDim) }, in: rest.inset(1, 0))
            return companions(
                [.graph, .waterfall, .nodes], in: rest.splitTop(text.count + 1).rest)
        }
        let name = screen.all.reduce(4) { max($0, min(displayWidth(of: $1.name), 24)) }
        let rows = screen.rows.map { line(screen.all[$0], name: name, columns: rest.columns - 3) }
        let below = list(rows.count, screen.cursor, [], in: rest) { rows[$0] }
        graphs(screen, in: below)
    }

    /// What each cluster accepted of late, side by side, as many as fit.
    private mutating func graphs(_ screen: ClustersScreen, in area: Rect) {
        let across = min(max(area.columns / 70, 1), screen.rows.count)
        guard across > 0, area.rows >= 6, area.columns >= 70 else { return }
        let down = min((screen.rows.count + across - 1) / across, area.rows / 6)
        for (index, place) in screen.rows.prefix(across * down).enumerated() {
            let width = area.columns / across
            let height = area.rows / down
            let pane = Rect(
                column: area.column + index % across * width, row: area.row + index / across * height,
                columns: width - 1, rows: height)
            let cluster = screen.all[place]
            let columns = min(pane.columns - Self.scaleWidth, cluster.trend.count)
            let values = cluster.trend.suffix(columns)
            let window = TimeView().window(columns: cluster.trend.count, now: state.wall).last(columns)
            heading(pane.line(0), title: "\(cluster.name), accepted pps, last \(window.words)")
            let layers = values.map { $0 < 0 ? nil : [(StackedGraph.Layer.node(place), $0)] }
            graph(
                StackedGraph(columns: layers, peak: StackedGraph.top(above: values.max() ?? 0), glyphs: glyphs), window,
                in: pane.splitTop(1).rest, hasTimes: true)
        }
    }

    private func line(_ cluster: ClusterSummary, name: Int, columns: Int) -> Line {
        var line = Line("\(glyphs.sign(cluster.level)) ", cluster.level.scope)
        line.add(Pad.left(String(cluster.name.prefix(name)), name) + " ", .text, .bold)
        line.add(
            Pad.right("\(cluster.live)/\(cluster.nodes)", 7), cluster.live == cluster.nodes ? .text : .statusWarn)
        line.add(" live ", .textDim)
        line.add(Pad.right(cluster.rate.map(Units.short) ?? "-", 6) + " pps ", .value)
        let graph = columns >= 110 ? 30 : columns >= 90 ? 15 : 0
        if graph > 0 {
            let values = cluster.trend.suffix(60)
            let peak = ClusterFacts.roundedUp(values.max() ?? 0)
            line.add(glyphs.spark(values, columns: graph, peak: peak) + " ", .spark)
        }
        if cluster.isExecuting { line.add("\(glyphs.marker) a plan runs  ", .planRunning) }
        let room = columns - line.width - 1
        let words = cluster.words.first { displayWidth(of: $0) <= room } ?? cluster.words.last ?? ""
        line.add(words, cluster.level.scope)
        return line
    }
}
