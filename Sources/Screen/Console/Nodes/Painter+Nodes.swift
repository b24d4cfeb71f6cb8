import Canvas
import ClusterModel

extension Painter {
    /// The Nodes screen: one row a node, and the details of the selected one.
    mutating func nodes(_ body: Rect) {
        let table = state.nodes
        let layout = NodesLayout(body: body, count: table.rows.count)
        rule(layout.heading, title: "Nodes", remark: nodesRemark)
        let columns = NodeColumn.fitting(body.columns - 2, state: state)
        nodeHeader(columns, in: layout.header)
        var cursor = table.cursor
        cursor.clamp(count: table.rows.count, visible: layout.rows.rows)
        let visible = table.rows.dropFirst(cursor.top).prefix(layout.rows.rows)
        for (line, index) in visible.enumerated() where state.shownNodes.indices.contains(index) {
            nodeRow(index, columns, in: layout.rows.line(line), isSelected: cursor.top + line == cursor.row)
        }
        if table.rows.isEmpty {
            canvas.put(
                "no node matches \"\(table.filter)\"", in: layout.rows.inset(2, 0).line(0), style: Style(.textDim))
        }
        nodeDetail(layout)
    }

    private var nodesRemark: String {
        let table = state.nodes
        var words: [String] = []
        if table.sort != .order || table.isReversed {
            words.append("sort \(table.sort.rawValue) \(table.isReversed ? glyphs.ascending : glyphs.descending)")
        }
        if !table.filter.isEmpty { words.append("filter \(table.filter)") }
        if !state.marks.isEmpty { words.append("\(state.marks.count) buckets marked") }
        let all = state.shownNodes.count
        words.append(table.rows.count == all ? "\(all)" : "\(table.rows.count) of \(all)")
        return words.joined(separator: "  ")
    }

    private mutating func nodeHeader(_ columns: [NodeColumn], in rect: Rect) {
        guard !rect.isEmpty else { return }
        var place = rect.column + 2
        for column in columns {
            let cell = Rect(column: place, row: rect.row, columns: column.width, rows: 1)
            canvas.put(column.title, in: cell, alignment: column.isRight ? .right : .left, style: Style(.header))
            place += column.width + NodeColumn.gap(rect.columns - 2)
        }
    }

    private mutating func nodeRow(_ index: Int, _ columns: [NodeColumn], in rect: Rect, isSelected: Bool) {
        let node = state.shownNodes[index]
        let isDim = node.state != .live
        if isSelected { canvas.fill(rect, Style(.text, surface: .selection)) }
        var place = rect.column + 2
        let end = rect.maxColumn - 1
        for column in columns {
            let cell = Rect(column: place, row: rect.row, columns: min(column.width, end - place), rows: 1)
            if let reason = silence(node, at: column.kind) {
                canvas.put(
                    reason, in: Rect(column: place, row: rect.row, columns: end - place, rows: 1),
                    style: Style(node.state.scope))
                break
            }
            if column.kind == .strip, !state.nodes.showsLists {
                let strip = Strip(
                    ownership: node.ownership, total: state.totalBuckets, index: index, attributes: isDim ? .dim : [])
                canvas.put(strip.runs(width: cell.columns, glyphs: glyphs), at: cell.origin, limit: cell.columns)
            } else {
                let (text, style) = nodeCell(node, index, column, isDim: isDim)
                canvas.put(text, in: cell, alignment: column.isRight ? .right : .left, style: style)
            }
            place += column.width + NodeColumn.gap(rect.columns - 2)
        }
        if isSelected { select(rect) }
    }

    /// Why a node that is not heard has no numbers, in the place where they would begin.
    private func silence(_ node: NodeStatus, at kind: NodeColumn.Kind) -> String? {
        if node.sample == nil, kind == .strip {
            return node.reason
                ?? (node.state == .connecting ? "connecting to \(node.name) \(glyphs.ellipsis)" : "never heard")
        }
        guard node.state == .unreachable, kind == .pps else { return nil }
        let age = node.age.map { "last heard \(Units.age($0)) ago" }
        return [node.reason, age].compactMap(\.self).joined(separator: ", ")
    }

    private func nodeCell(_ node: NodeStatus, _ index: Int, _ column: NodeColumn, isDim: Bool) -> (String, Style) {
        let facts = state.nodeFacts(index)
        let dim: Attributes = isDim ? .dim : []
        let value = Style(.value, attributes: dim)
        switch column.kind {
        case .tag: return (NodeTag.letter(index), Style(.owner, index: index, attributes: .bold))
        case .name: return (node.name, Style(.text, attributes: dim))
        case .state:
            let word = column.width > 1 ? " \(node.state.rawValue)" : ""
            return ("\(glyph(node.state))\(word)", Style(node.state.scope))
        case .strip: return (node.ownership.accepting.description, Style(.owner, index: index, attributes: dim))
        case .count: return ("\(facts.acceptingCount)", value)
        case .pps: return rate(facts.rates.accepted.packetsPerSecond, Units.short, dim)
        case .bits: return rate(facts.rates.accepted.bitsPerSecond, Units.bits, dim)
        case .share: return (share(facts).0, value)
        case .bar:
            return (glyphs.bar(share(facts).1, columns: column.width), Style(.owner, index: index, attributes: dim))
        case .draining:
            let count = facts.drainingCount
            return (
                "\(count)", count > 0 ? Style(.bucketDraining, attributes: dim) : Style(.valueIdle, attributes: dim)
            )
        case .connections: return (node.sample?.connections.map { Units.short(UInt64(clamping: $0)) } ?? "-", value)
        case .health: return health(node, dim)
        case .link: return (node.linkDelay.map(Units.delay) ?? "-", Style(.textDim))
        case .age: return (age(node), Style(node.state == .live ? .textDim : node.state.scope))
        case .driver: return (node.sample?.driver ?? "-", Style(.textDim))
        }
    }

    private func rate(_ value: Double, _ unit: (Double) -> String, _ dim: Attributes) -> (String, Style) {
        (unit(value), Style(value > 0 ? .value : .valueIdle, attributes: dim))
    }

    private func share(_ facts: NodeFacts) -> (String, Double) {
        let (part, whole) = (facts.rates.accepted.packetsPerSecond, state.facts.accepted.packetsPerSecond)
        return (Units.percent(part, of: whole), whole > 0 ? part / whole : 0)
    }

    private func health(_ node: NodeStatus, _ dim: Attributes) -> (String, Style) {
        guard let sample = node.sample else { return ("-", Style(.textDim)) }
        let scope: Scope = sample.health.isGood ? .statusOk : .statusError
        return (NodeColumn.healthText(sample.health), Style(scope, attributes: dim))
    }

    /// A live node's age is no news and would only flicker.
    private func age(_ node: NodeStatus) -> String {
        guard let age = node.age else { return "-" }
        return node.state == .live && age < 3 ? "now" : Units.age(age)
    }
}
