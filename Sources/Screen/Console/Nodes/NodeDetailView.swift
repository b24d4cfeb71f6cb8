import Canvas
import ClusterModel
import Responsibility
import Wording

extension Painter {
    /// What is known of the selected node, below the table; on a large screen what is known of all.
    mutating func nodePanes(_ screen: NodesScreen, _ layout: NodesLayout) {
        let area = layout.panes
        guard area.rows > 0 else { return }
        switch layout.breadth {
        case .narrow: if let index = screen.selectedIndex(state) { nodeDetail(index, in: area) }
        case .wide: widePanes(in: area)
        case .wall: wall(in: area)
        }
    }

    /// The cluster's graph over the selected node; beside them what is wrong, what is busy and what happened.
    private mutating func widePanes(in area: Rect) {
        let columns: [PaneBoard.Column] = [
            .init(panes: [.graph, .facts], share: 3), .init(panes: [.findings, .busiest, .timeline], share: 2),
        ]
        board(PaneBoard(columns, settings: state.panes.settings), in: area)
    }

    /// The whole cluster on one screen: graphs on the left, buckets in the middle, what is wrong and what happened on the
    /// right.
    private mutating func wall(in area: Rect) {
        var columns: [PaneBoard.Column] = [
            .init(panes: [.graph, .nodes], share: 4), .init(panes: [.map, .waterfall], share: 3),
            .init(panes: [.findings, .busiest, .facts, .timeline], share: 3),
        ]
        if area.columns >= 260 {
            columns[2].panes = [.findings, .facts]
            columns.append(.init(panes: [.waterfall, .busiest, .timeline], share: 3))
            columns[1].panes = [.map]
        }
        board(PaneBoard(columns, settings: state.panes.settings), in: area)
    }

    /// The buckets that accept most in the whole cluster.
    mutating func busiestPane(in pane: Rect) {
        guard pane.rows >= 2 else { return }
        let rates = state.facts.bucketRates.enumerated().lazy.filter { $0.element > 0 }
            .map { (bucket: $0.offset + 1, pps: $0.element) }
        let top = rates.sorted { ($1.pps, $0.bucket) < ($0.pps, $1.bucket) }.prefix(pane.rows - 1)
        rule(pane.line(0), title: "Busiest buckets", isFocus: false)
        let lines = top.map { bucket, pps in
            let owner = state.snapshot?.coverage.owner(of: bucket)
            var line = Line(" \(Pad.right("\(bucket)", 6)) ", .text)
            if let owner { line.runs.append((NodeTag.letter(owner), Style(.text, surface: .owner, ground: owner))) }
            line.add(" \(Pad.right(Units.short(pps), 5)) pps ", .value)
            let style = owner.map { Style(.owner, index: $0) } ?? Style(.bucketOrphan)
            line.runs.append((glyphs.bar(pps / state.facts.scale, columns: min(pane.columns - 22, 60)), style))
            return line
        }
        self.lines(
            lines.isEmpty ? [Line(" no bucket accepts anything now", .textDim)] : lines, in: pane.splitTop(1).rest)
    }

    /// What is known of a node, under its name.
    ///
    /// - Parameter facts: its `nodeLines` for two columns less than the area has.
    mutating func nodeFacts(_ index: Int, _ facts: [Line], in area: Rect) {
        let node = state.shownNodes[index]
        heading(
            area.line(0), title: "\(NodeTag.letter(index)) \(node.name)", owner: index,
            legend: Line(nodeRemark(node), .textDim))
        let inner = area.splitTop(1).rest.inset(1, 0)
        lines(facts, in: inner)
        if isOld(node) { canvas.add(.dim, to: inner.splitTop(facts.count).top.splitTop(1).rest) }
        _ = section(mapLines(columns: inner.columns), in: inner.splitTop(facts.count + 1).rest)
    }

    private func isOld(_ node: NodeStatus) -> Bool { node.state != .live && node.sample != nil }

    private func nodeRemark(_ node: NodeStatus) -> String {
        let age = node.age.map { "as it was \(Units.age($0)) ago" } ?? "as it was when it was last heard"
        return isOld(node) ? age : node.generation.map { "its ruleset changed \($0) times" } ?? ""
    }

    /// On a small screen: what is known of the node, what is wrong, what is busy.
    private mutating func nodeDetail(_ index: Int, in area: Rect) {
        let (heading, below) = area.splitTop(1)
        let detail = Rect(column: below.column + 1, row: below.row, columns: below.columns - 2, rows: below.rows)
        let node = state.shownNodes[index]
        rule(heading, title: "\(NodeTag.letter(index)) \(node.name)", remark: nodeRemark(node))
        let facts = nodeLines(node, index, columns: detail.columns)
        lines(facts, in: detail)
        var rest = detail.splitTop(facts.count + 1).rest
        if isOld(node) { canvas.add(.dim, to: detail.splitTop(facts.count).top.splitTop(1).rest) }
        rest = section(findingLines, in: rest)
        rest = section(busiest(index, count: min(rest.rows - 1, 6)), in: rest)
        rest = section(mapLines(columns: rest.columns), in: rest)
    }

    func nodeLines(_ node: NodeStatus, _ index: Int, columns: Int) -> [Line] {
        var lines = stateLines(node, state.nodeTotals(index).worst, columns: columns)
        guard let sample = node.sample else { return lines }
        let facts = state.nodeTotals(index)
        lines.append(.fact("owned", bucketText(sample.ownership.owned, columns: columns), .text))
        if !sample.ownership.draining.isEmpty {
            lines.append(.fact("draining", bucketText(sample.ownership.draining, columns: columns), .bucketDraining))
        }
        if !sample.ownership.adopted.isEmpty {
            lines.append(.fact("adopted", bucketText(sample.ownership.adopted, columns: columns), .bucketAdopted))
        }
        for counter in [Counter.accepted, .arrived, .replied] where counter != .replied || facts.rates.replied != nil {
            lines.append(rateLine(counter, facts.rates[counter], sample, isHeard: node.state != .unreachable))
        }
        lines.append(trendLine(index, columns: columns))
        guard let cluster = state.snapshot?.configuration else { return lines }
        return lines
            + NodeFact.lines(node, in: cluster).flatMap { fact in
                Wrap.lines(fact.text, columns: columns - 12).enumerated().map {
                    Line.fact($0 == 0 ? fact.label : "", $1, fact.isGood ? .text : .statusError)
                }
            }
    }

    /// How well the node is heard; what is wrong with it although it is heard stands first.
    private func stateLines(_ node: NodeStatus, _ worst: Finding?, columns: Int) -> [Line] {
        let isLive = node.state == .live
        if isLive, let worst, worst.severity == .critical {
            let delay = node.linkDelay.map { ", answers in \(Units.delay($0))" } ?? ""
            return [
                .fact(
                    "state", "\(glyphs.sign(worst.severity)) \(worst.tag); its agent is live\(delay)", .statusError)
            ]
        }
        var (sign, scope) = (glyphs.sign(node.state), node.state.scope)
        if isLive, let worst {
            (sign, scope) = (glyphs.sign(worst.severity), worst.severity.scope)
        }
        var text = node.state.rawValue
        if let reason = node.silence(state.snapshot?.configuration.address) { text += ": \(reason)" }
        if let age = node.age, node.state != .live { text += ", last heard \(Units.age(age)) ago" }
        if node.state == .live, let delay = node.linkDelay { text += ", answers in \(Units.delay(delay))" }
        return Wrap.lines("\(sign) \(text)", columns: columns - 12).enumerated().map {
            .fact($0 == 0 ? "state" : "", $1, scope)
        }
    }

    /// How many buckets a set has and which, as far as there is room.
    private func bucketText(_ set: BucketSet, columns: Int) -> String {
        guard !set.isEmpty else { return "none" }
        let head = "\(set.count) of \(state.totalBuckets)"
        return "\(head): \(set.fitting(columns - 14 - head.count))"
    }

    private func rateLine(_ counter: Counter, _ rate: Rate?, _ sample: ClusterSample, isHeard: Bool) -> Line {
        guard let rate else {
            let isCounted = sample.capabilities.counters.contains(counter)
            let words = isCounted ? (isHeard ? "not measured yet" : "not heard") : "not counted by \(sample.driver)"
            return .fact(counter.rawValue, "-  \(words)", .textDim)
        }
        let pps = Pad.right(Units.short(rate.packetsPerSecond), 5)
        let bits = Pad.right(Units.bits(rate.bitsPerSecond), 11)
        var line = Line.fact(
            counter.rawValue, "\(pps) pps \(bits)", rate.packetsPerSecond > 0 ? .value : .valueIdle)
        if counter == .accepted {
            let whole = state.facts.accepted?.packetsPerSecond ?? 0
            line.add("  \(Pad.right(Units.percent(rate.packetsPerSecond, of: whole), 4)) of the cluster", .textDim)
        }
        return line
    }

    /// What the node accepted in the time that graphs show.
    private func trendLine(_ index: Int, columns: Int) -> Line {
        let width = max(min(40, columns - 30), 1)
        let window = state.view.window(columns: width, now: state.wall)
        let values = (0..<width).map {
            Double(state.past.load(of: index, from: window.time(of: $0), seconds: window.step)?.accepted ?? -1)
        }
        let peak = ClusterFacts.roundedUp(values.max() ?? 0)
        var line = Line.fact("trend", glyphs.spark(values, columns: width, peak: peak), .spark)
        line.add(" \(state.view.period.words), to \(Units.short(peak)) pps", .textDim)
        return line
    }
}

/// What fills the room below the facts of a node.
extension Painter {
    /// Draws some lines when there is room for two of them; what remains below them.
    mutating func section(_ lines: [Line], in rect: Rect) -> Rect {
        guard rect.rows >= 2, lines.count >= 2 else { return rect }
        self.lines(lines, in: rect)
        return rect.splitTop(lines.count + 1).rest
    }

    var findingLines: [Line] {
        guard let findings = state.snapshot?.findings, !findings.isEmpty else { return [] }
        return [Line("FINDINGS", .header)]
            + findings.prefix(6).map { finding in
                var line = Line("\(glyphs.sign(finding.severity)) \(finding.evidence)", finding.severity.scope)
                line.add("  \(finding.effect)", .textDim)
                return line
            }
    }

    /// The whole cluster in two rows: each bucket's owner, and its load.
    ///
    /// Nothing when a row cannot hold all buckets.
    func mapLines(columns: Int) -> [Line] {
        let total = state.totalBuckets
        guard let snapshot = state.snapshot, total > 0, total <= columns - 12 else { return [] }
        var owners = Line("owner", .textDim)
        var load = Line("load", .textDim)
        owners.add(String(repeating: " ", count: 7))
        load.add(String(repeating: " ", count: 8))
        for bucket in 1...total {
            if let owner = snapshot.coverage.owner(of: bucket) {
                owners.runs.append((NodeTag.letter(owner), Style(.owner, index: owner)))
            } else {
                owners.add(String(glyphs.orphan), .bucketOrphan, .bold)
            }
            let heat = state.facts.heat(of: bucket)
            let glyph = glyphs.height(state.facts.bucketRates[bucket - 1], peak: state.facts.scale)
            load.runs.append((String(glyph), Style(.heat, index: heat)))
        }
        load.add("  to \(Units.short(state.facts.scale)) pps", .textDim)
        return [Line("BUCKETS 1 TO \(total)", .header), owners, load]
    }

    /// The buckets of a node that accept most, each with a bar; nothing of a node that is not heard.
    func busiest(_ index: Int, count: Int) -> [Line] {
        guard let node = state.snapshot?.nodes[index], node.state == .live, count > 0 else { return [] }
        let rates = node.rates.enumerated().lazy.map {
            (bucket: $0.offset + 1, pps: $0.element.accepted?.packetsPerSecond ?? 0)
        }
        .filter { $0.pps > 0 }
        let top = rates.sorted { ($1.pps, $0.bucket) < ($0.pps, $1.bucket) }.prefix(min(count, 8))
        guard !top.isEmpty else { return [] }
        var lines = [Line("BUSIEST BUCKETS", .header)]
        for (bucket, pps) in top {
            var line = Line("\(Pad.right("\(bucket)", 6))  ", .text)
            line.add("\(Pad.right(Units.short(pps), 5)) pps ", .value)
            line.runs.append((glyphs.bar(pps / state.facts.scale, columns: 24), Style(.owner, index: index)))
            lines.append(line)
        }
        return lines
    }
}
