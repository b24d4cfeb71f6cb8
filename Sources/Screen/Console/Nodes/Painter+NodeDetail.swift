import Canvas
import ClusterModel
import Responsibility
import Wording

extension Painter {
    /// What is known of the selected node, below the table.
    mutating func nodeDetail(_ layout: NodesLayout) {
        guard layout.detail.rows > 0, let index = state.selectedNodeIndex else { return }
        let node = state.shownNodes[index]
        let remark = node.generation.map { "ruleset generation \($0)" } ?? ""
        rule(layout.detailHeading, title: "\(NodeTag.letter(index)) \(node.name)", remark: remark)
        let isWide = layout.detail.columns >= 100
        let width = isWide ? max(layout.detail.columns / 2, 72) : layout.detail.columns
        let (left, right) = layout.detail.splitLeft(width)
        let facts = nodeLines(node, index, columns: left.columns)
        lines(facts, in: left)
        var rest = left.splitTop(facts.count + 1).rest
        if isWide {
            let busy = busiest(index, count: max(facts.count, 9) - 1)
            lines(busy, in: right)
            rest = layout.detail.splitTop(max(facts.count, busy.count) + 1).rest
        }
        let findings = findingLines
        rest = section(findings, in: rest)
        if !isWide { rest = section(busiest(index, count: min(rest.rows - 1, 6)), in: rest) }
        rest = section(mapLines(columns: rest.columns), in: rest)
    }

    private func nodeLines(_ node: NodeStatus, _ index: Int, columns: Int) -> [Line] {
        var lines = [stateLine(node)]
        guard let sample = node.sample else { return lines }
        let facts = state.nodeFacts(index)
        lines.append(.fact("owned", bucketText(sample.ownership.owned), .text))
        if !sample.ownership.draining.isEmpty {
            lines.append(.fact("draining", bucketText(sample.ownership.draining), .bucketDraining))
        }
        if !sample.ownership.adopted.isEmpty {
            lines.append(.fact("adopted", bucketText(sample.ownership.adopted), .bucketAdopted))
        }
        lines.append(rateLine("accepted", facts.rates.accepted, share: true))
        lines.append(rateLine("arrived", facts.rates.arrived))
        lines.append(trendLine(node.name, columns: columns))
        guard let cluster = state.snapshot?.configuration else { return lines }
        return lines
            + NodeFact.lines(node, in: cluster).map { .fact($0.label, $0.text, $0.isGood ? .text : .statusError) }
    }

    private func stateLine(_ node: NodeStatus) -> Line {
        var text = node.state.rawValue
        if let reason = node.silence(state.snapshot?.configuration.address) { text += ": \(reason)" }
        if let age = node.age, node.state != .live { text += ", last heard \(Units.age(age)) ago" }
        if node.state == .live, let delay = node.linkDelay { text += ", answers in \(Units.delay(delay))" }
        return .fact("state", "\(glyph(node.state)) \(text)", node.state.scope)
    }

    private func bucketText(_ set: BucketSet) -> String {
        set.isEmpty ? "none" : "\(Pad.left("\(set.count):", 4)) \(BucketSet(set.prefix(512)))"
    }

    private func rateLine(_ label: String, _ rate: Rate, share: Bool = false) -> Line {
        let pps = Pad.right(Units.short(rate.packetsPerSecond), 5)
        let bits = Pad.right(Units.bits(rate.bitsPerSecond), 11)
        var line = Line.fact(label, "\(pps) pps \(bits)", rate.packetsPerSecond > 0 ? .value : .valueIdle)
        if share {
            let whole = state.facts.accepted.packetsPerSecond
            line.add("  \(Pad.right(Units.percent(rate.packetsPerSecond, of: whole), 4)) of the cluster", .textDim)
        }
        return line
    }

    /// What the node accepted in the last snapshots, a column each.
    private func trendLine(_ node: String, columns: Int) -> Line {
        let values = state.trends[node]?.values ?? []
        let peak = ClusterFacts.roundedUp(values.max() ?? 0)
        var line = Line.fact("trend", glyphs.spark(values, columns: min(40, columns - 30), peak: peak), .spark)
        line.add(" to \(Units.short(peak)) pps", .textDim)
        return line
    }
}
