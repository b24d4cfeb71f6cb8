import Canvas
import ClusterModel

/// Graphs of what nodes accept: the cluster's, and each node's on the same scale.
extension Painter {
    /// What the whole cluster accepts, by node, one upon the other.
    mutating func clusterGraph(in rect: Rect) {
        guard rect.rows >= 4, rect.columns >= 24 else { return }
        let window = graphWindow(rect)
        let loads = loads(window)
        let columns = (0..<window.columns).map { column in layers(loads.map { $0[column] }) }
        let most = columns.compactMap { $0?.reduce(0) { $0 + $1.rate } }.max() ?? 0
        heading(
            rect.line(0), title: "Accepted pps by node, last \(window.words)",
            legend: nodeLegend(columns, room: rect.columns - 40))
        let graph = StackedGraph(columns: columns, peak: StackedGraph.top(above: most), glyphs: glyphs)
        self.graph(graph, window, in: rect.splitTop(1).rest, hasTimes: true)
    }

    /// A graph for each node, as many as fit, one below the other on the same scale.
    mutating func nodeGraphs(_ order: [Int], in rect: Rect) {
        guard rect.rows >= 3, rect.columns >= 24, !order.isEmpty else { return }
        let count = min(order.count, max(rect.rows / 4, 1))
        let window = graphWindow(rect)
        let all = loads(window)
        let peak = StackedGraph.top(
            above: all.reduce(0) { max($0, $1.reduce(0) { max($0, Double($1?.accepted ?? 0)) }) })
        var rest = rect
        for (place, index) in order.prefix(count).enumerated() where all.indices.contains(index) {
            let rows = rest.rows / (count - place)
            let (area, below) = rest.splitTop(rows)
            rest = below
            nodeGraph(index, all[index], window, peak: peak, in: area, isLast: place == count - 1)
        }
    }

    private mutating func nodeGraph(
        _ index: Int, _ loads: [NodeLoad?], _ window: TimeWindow, peak: Double, in rect: Rect, isLast: Bool
    ) {
        let node = state.shownNodes[index]
        var legend = Line()
        let load = shownLoad(of: index)
        if let accepted = load?.accepted {
            legend.add("\(Units.short(Double(accepted))) pps accepted", .value)
            if let replied = load?.replied { legend.add(", \(Units.short(Double(replied))) replied", .textDim) }
        } else {
            legend.add(Self.absence(node), node.state.scope)
        }
        heading(rect.line(0), title: "\(NodeTag.letter(index)) \(node.name)", owner: index, legend: legend)
        let columns = loads.map { load in load?.accepted.map { [(StackedGraph.Layer.node(index), Double($0))] } }
        graph(
            StackedGraph(columns: columns, peak: peak, glyphs: glyphs), window, in: rect.splitTop(1).rest,
            hasTimes: isLast)
    }

    /// Why nothing is known of what a node accepts.
    private static func absence(_ node: NodeStatus) -> String {
        guard node.state == .live, let sample = node.sample else { return node.state.rawValue }
        return sample.capabilities.counters.contains(.accepted) ? "not measured yet" : "not counted"
    }

    private func graphWindow(_ rect: Rect) -> TimeWindow {
        state.view.window(columns: rect.columns - Self.scaleWidth, now: state.wall)
    }

    /// What every node did in every step of a window.
    private func loads(_ window: TimeWindow) -> [[NodeLoad?]] {
        state.shownNodes.indices.map { node in
            (0..<window.columns).map {
                state.past.load(of: node, from: window.time(of: $0), seconds: window.step)
            }
        }
    }

    /// What a node does now, or did at the time that is looked at; nil when that is not known.
    func shownLoad(of index: Int) -> NodeLoad? {
        guard let time = state.view.cursor ?? state.past.newest.map(Double.init) else { return nil }
        return state.past.load(of: index, from: time, seconds: 1)
            ?? state.past.load(of: index, from: (time / 60).rounded(.down) * 60, seconds: 60)
    }

    /// The layers of a step; nil when no node is known.
    ///
    /// What arrived and nobody accepted lies on top, when it is too much for the difference of two clocks; where a node does
    /// not count what it accepts, nobody knows that.
    private func layers(_ loads: [NodeLoad?]) -> [(layer: StackedGraph.Layer, rate: Double)]? {
        var layers: [(layer: StackedGraph.Layer, rate: Double)] = []
        var (sum, arrived) = (0.0, 0.0)
        for (index, load) in loads.enumerated() {
            guard let accepted = load?.accepted else { continue }
            layers.append((.node(index), Double(accepted)))
            sum += Double(accepted)  // bounded: both are Double
            arrived = max(arrived, Double(load?.arrived ?? 0))
        }
        let isWhole = state.shownNodes.allSatisfy { $0.sample?.capabilities.counters.contains(.accepted) != false }
        if isWhole, !layers.isEmpty, arrived - sum > max(arrived / 8, 5) { layers.append((.lost, arrived - sum)) }
        return layers.isEmpty ? nil : layers
    }

    /// Every node's letter on its colour, with its name where there is room for all names.
    private func nodeLegend(_ columns: [[(layer: StackedGraph.Layer, rate: Double)]?], room: Int) -> Line {
        var line = Line()
        let nodes = state.shownNodes
        if columns.contains(where: { $0?.contains { $0.layer == .lost } == true }) {
            let words = " arrived, not seen accepted  "
            line.add("\(glyphs.shades[1])", .statusError)
            line.add(words.count + 1 + nodes.count <= room ? words : " not seen accepted  ", .text)
        }
        let hasNames = nodes.reduce(line.width) { $0 + displayWidth(of: $1.name) + 4 } <= room
        for (index, node) in nodes.enumerated() where line.width < room {
            line.runs.append(
                (NodeTag.letter(index), Style(.owner, index: index, surface: .owner, ground: index)))
            if hasNames { line.add(" \(node.name)  ", .textDim) }
        }
        return line
    }

    /// A rule with a title, perhaps in a node's colour, and a legend on the right as far as there is room.
    mutating func heading(_ rect: Rect, title: String, owner: Int? = nil, legend: Line = Line()) {
        rule(rect, title: title, isFocus: false)
        if let owner {
            let letter = NodeTag.letter(owner)
            canvas.put(
                letter, at: Point(column: rect.column + 2, row: rect.row),
                style: Style(.owner, index: owner, attributes: .bold))
        }
        let room = rect.columns - displayWidth(of: title) - 7
        guard legend.width > 0, room >= min(legend.width, 14) else { return }
        let width = min(legend.width, room)
        let place = Rect(column: rect.maxColumn - width - 2, row: rect.row, columns: width + 1, rows: 1)
        canvas.fill(Rect(column: place.column - 1, row: place.row, columns: width + 2, rows: 1), Style(.background))
        put(legend, in: Rect(column: place.column, row: place.row, columns: width, rows: 1))
    }
}
