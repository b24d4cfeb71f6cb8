import Canvas
import ClusterModel

extension Painter {
    /// Draws the panes of a board and notes which they are.
    mutating func board(_ board: PaneBoard, in rect: Rect) {
        for placed in board.placed(in: rect, height: { height(of: $0, in: $1) }) { pane(placed.pane, in: placed.rect) }
    }

    /// Fills the room that a screen leaves with panes that go with it, the nearest first; all others follow where there is
    /// more room, but for one that shows what the screen shows.
    mutating func companions(_ panes: [PaneID], beside own: PaneID? = nil, in rect: Rect) {
        guard rect.rows >= 6, rect.columns >= 40, state.snapshot != nil else { return }
        let all = panes + PaneID.allCases.filter { !panes.contains($0) && $0 != own }
        board(PaneBoard(dealing: all, in: rect, settings: state.panes.settings), in: rect)
    }

    /// Draws one pane; the chosen one has a bright heading.
    mutating func pane(_ pane: PaneID, in rect: Rect) {
        panes.append(pane)
        target(rect.line(0), .pane(pane))
        isPaneChosen = state.panes.focus == pane
        defer { isPaneChosen = false }
        switch pane {
        case .graph: clusterGraph(in: rect)
        case .nodes: nodeGraphs(state.nodes.rows, in: rect)
        case .map: mapPane(in: rect)
        case .waterfall: if state.totalBuckets > 0 { waterfall(1...state.totalBuckets, selected: nil, in: rect) }
        case .findings: findingsPane(in: rect)
        case .busiest: busiestPane(in: rect)
        case .facts: factsPane(in: rect)
        case .timeline: timelinePane(in: rect)
        }
    }

    /// How high a pane is to be in a column of so many rows.
    private func height(of pane: PaneID, in rect: Rect) -> PaneHeight {
        switch pane {
        case .graph: return PaneHeight(least: 5, wanted: 10, weight: 2)
        case .nodes:
            let count = max(state.nodes.rows.count, 1)
            return PaneHeight(least: 4, wanted: min(count * 5, rect.rows * 3 / 5), weight: min(count, 4))
        case .map:
            let room = rect.splitTop(1).rest.splitTop(rect.rows * 2 / 5).top
            return PaneHeight(least: 3, wanted: mapGrid(in: room).area.rows + 1, weight: 1)
        case .waterfall: return PaneHeight(least: 6, wanted: 12, weight: 3)
        case .findings:
            let wanted = findingsHeight(columns: rect.columns)
            return PaneHeight(least: 2, wanted: min(wanted, rect.rows / 2))
        case .busiest: return PaneHeight(least: 3, wanted: min(11, max(rect.rows / 4, 6)))
        case .facts: return factsHeight(in: rect)
        case .timeline:
            let lines = timelineLines(columns: rect.columns - 2, rows: rect.rows).count + 1
            return PaneHeight(least: 3, wanted: min(max(lines, 3), max(rect.rows / 3, 6)), weight: lines > 3 ? 1 : 0)
        }
    }

    /// The map of all buckets, with a heading.
    private mutating func mapPane(in rect: Rect) {
        guard let snapshot = state.snapshot, state.totalBuckets > 0 else { return }
        let total = state.totalBuckets
        heading(rect.line(0), title: "Buckets 1 to \(total)", legend: heatLegend())
        map(mapGrid(in: rect.splitTop(1).rest), top: 0, selected: nil, snapshot) {
            (0..<total).contains($0) ? $0 + 1 : nil
        }
    }

    private func mapGrid(in room: Rect) -> BucketGrid {
        BucketGrid(count: state.totalBuckets, total: state.totalBuckets, room: room)
    }

    /// What is known of the selected node, and of others as far as there is room.
    private mutating func factsPane(in rect: Rect) {
        var rest = rect
        for (place, index) in factOrder.enumerated() {
            let lines = nodeLines(state.shownNodes[index], index, columns: rest.columns - 2)
            guard place == 0 || lines.count + 1 <= rest.rows else { return }
            let isLast = place == factOrder.count - 1
            nodeFacts(index, lines, in: isLast ? rest : rest.splitTop(lines.count + 1).top)
            rest = rest.splitTop(lines.count + 1).rest
        }
    }

    private func factsHeight(in rect: Rect) -> PaneHeight {
        var heights: [Int] = []
        for index in factOrder where heights.reduce(0, +) < rect.rows {
            heights.append(nodeLines(state.shownNodes[index], index, columns: rect.columns - 2).count + 1)
        }
        return PaneHeight(
            least: min(heights.first ?? 0, 6), wanted: heights.first ?? 0, weight: heights.count > 1 ? 3 : 1)
    }

    /// The selected node, then the others as they stand in the table.
    private var factOrder: [Int] {
        let rows = state.nodes.rows.filter(state.shownNodes.indices.contains)
        guard let selected = state.nodes.selectedIndex(state) else { return rows }
        return [selected] + rows.filter { $0 != selected }
    }
}
