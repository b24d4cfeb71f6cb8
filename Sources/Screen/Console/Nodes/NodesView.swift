import Canvas
import ClusterModel
import Wording

/// The node table.
extension Painter {
    /// The Nodes screen: one row a node, and the details of the selected one.
    mutating func nodes(_ screen: NodesScreen, in body: Rect) {
        let layout = NodesLayout(body: body, count: screen.rows.count)
        rule(layout.heading, title: "Nodes", remark: remark(screen))
        let columns = NodeColumn.fitting(body.columns - 2, state)
        header(columns, in: layout.header)
        var cursor = screen.cursor
        cursor.clamp(count: screen.rows.count, visible: layout.rows.rows)
        let visible = screen.rows.dropFirst(cursor.top).prefix(layout.rows.rows)
        for (line, index) in visible.enumerated() where state.shownNodes.indices.contains(index) {
            let node = NodeRow(
                status: state.shownNodes[index], index: index, facts: state.nodeTotals(index), console: state,
                glyphs: glyphs)
            target(layout.rows.line(line), .row(cursor.top + line))
            row(node, columns, in: layout.rows.line(line), isSelected: cursor.top + line == cursor.row)
        }
        if screen.rows.isEmpty {
            canvas.put(
                "no node matches \"\(screen.filter)\"", in: layout.rows.inset(2, 0).line(0), style: Style(.textDim))
        }
        nodePanes(screen, layout)
    }

    private func remark(_ screen: NodesScreen) -> String {
        var words: [String] = []
        if screen.order.isBefore != nil || screen.isReversed {
            words.append("sort \(screen.order.name) \(screen.isReversed ? glyphs.ascending : glyphs.descending)")
        }
        if !screen.filter.isEmpty { words.append("filter \(screen.filter)") }
        if !state.marks.isEmpty { words.append("\(state.marks.count) buckets marked") }
        let all = state.shownNodes.count
        words.append(screen.rows.count == all ? "\(all)" : "\(screen.rows.count) of \(all)")
        return words.joined(separator: "  ")
    }

    private mutating func header(_ columns: [(column: NodeColumn, width: Int)], in rect: Rect) {
        guard !rect.isEmpty else { return }
        for (column, cell) in cells(of: columns, in: rect) where column.title.count <= cell.columns {
            if let order = column.order { target(cell, .column(order.name)) }
            canvas.put(column.title, in: cell, alignment: column.isRight ? .right : .left, style: Style(.header))
        }
    }

    private mutating func row(
        _ node: NodeRow, _ columns: [(column: NodeColumn, width: Int)], in rect: Rect, isSelected: Bool
    ) {
        if isSelected { canvas.fill(rect, Style(.text, surface: .selection)) }
        let cells = cells(of: columns, in: rect)
        var isSilent = false
        for (index, (column, cell)) in cells.enumerated() where !isSilent || column.isKept {
            if !isSilent, let reason = column.silence(node) {
                isSilent = true
                let kept = cells[index...].first { $0.column.isKept }?.cell
                let end = kept.map { $0.column - 2 } ?? rect.maxColumn - 1
                let age = kept == nil ? node.status.age.map { "last heard \(Units.age($0)) ago, " } : nil
                let room = Rect(column: cell.column, row: rect.row, columns: end - cell.column, rows: 1)
                // A live node without a table is heard, and does not do its part.
                let state = node.status.state
                canvas.put((age ?? "") + reason, in: room, style: Style(state == .live ? .statusWarn : state.scope))
                continue
            }
            let runs = column.cell(node, cell.columns)
            if runs.count == 1 {
                canvas.put(runs[0].text, in: cell, alignment: column.isRight ? .right : .left, style: runs[0].style)
            } else {
                canvas.put(runs, at: cell.origin, limit: cell.columns)
            }
        }
        if isSelected { select(rect) }
    }

    /// Where the columns stand in a row.
    private func cells(
        of columns: [(column: NodeColumn, width: Int)], in rect: Rect
    ) -> [(column: NodeColumn, cell: Rect)] {
        var place = rect.column + 2
        return columns.map { column, width in
            defer { place += width + NodeColumn.gap(rect.columns - 2) }
            let columns = min(width, rect.maxColumn - 1 - place)
            return (column, Rect(column: place, row: rect.row, columns: columns, rows: 1))
        }
    }
}

/// Where the table and the panes below it lie, and how much there is room for.
struct NodesLayout {
    /// How much is shown beside the table.
    enum Breadth { case narrow, wide, wall }

    var heading: Rect
    var header: Rect
    var rows: Rect
    /// What lies below the table.
    var panes: Rect
    var breadth: Breadth

    init(body: Rect, count: Int) {
        var rest: Rect
        (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        (header, rest) = rest.splitTop(rest.rows >= 3 ? 1 : 0)
        breadth = body.columns < 110 || rest.rows < 24 ? .narrow : body.columns < 160 || rest.rows < 40 ? .wide : .wall
        let hasPanes = rest.rows >= 14
        let most = breadth == .narrow ? rest.rows - 11 : max(rest.rows / 3, 6)
        let table = hasPanes ? min(max(count, 3) + 1, most) : rest.rows
        (rows, panes) = rest.splitTop(table)
    }
}
