import Canvas
import ClusterModel
import Responsibility
import Wording

extension Painter {
    /// What is known of the selected node, below the table.
    mutating func nodeDetail(_ index: Int, _ layout: NodesLayout) {
        guard layout.detail.rows > 0 else { return }
        let node = state.shownNodes[index]
        let isOld = node.state != .live && node.sample != nil
        let age = node.age.map { "as it was \(Units.age($0)) ago" } ?? "as it was when it was last heard"
        let remark = isOld ? age : node.generation.map { "ruleset generation \($0)" } ?? ""
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
        if isOld { canvas.add(.dim, to: layout.detail.splitTop(layout.detail.rows - rest.rows).top.splitTop(1).rest) }
        let findings = findingLines
        rest = section(findings, in: rest)
        if !isWide { rest = section(busiest(index, count: min(rest.rows - 1, 6)), in: rest) }
        rest = section(mapLines(columns: rest.columns), in: rest)
    }

    private func nodeLines(_ node: NodeStatus, _ index: Int, columns: Int) -> [Line] {
        var lines = [stateLine(node, state.nodeFacts(index).worst)]
        guard let sample = node.sample else { return lines }
        let facts = state.nodeFacts(index)
        lines.append(.fact("owned", bucketText(sample.ownership.owned, columns: columns), .text))
        if !sample.ownership.draining.isEmpty {
            lines.append(.fact("draining", bucketText(sample.ownership.draining, columns: columns), .bucketDraining))
        }
        if !sample.ownership.adopted.isEmpty {
            lines.append(.fact("adopted", bucketText(sample.ownership.adopted, columns: columns), .bucketAdopted))
        }
        for counter in [Counter.accepted, .arrived, .replied] where counter != .replied || facts.rates.replied != nil {
            lines.append(rateLine(counter, facts.rates[counter], sample))
        }
        lines.append(trendLine(node.name, columns: columns))
        guard let cluster = state.snapshot?.configuration else { return lines }
        return lines
            + NodeFact.lines(node, in: cluster).map { .fact($0.label, $0.text, $0.isGood ? .text : .statusError) }
    }

    /// How well the node is heard; what is wrong with it although it is heard stands first.
    private func stateLine(_ node: NodeStatus, _ worst: Finding?) -> Line {
        if node.state == .live, let worst, worst.severity == .critical {
            let delay = node.linkDelay.map { ", answers in \(Units.delay($0))" } ?? ""
            return .fact(
                "state", "\(glyphs.sign(worst.severity)) \(worst.tag); its agent is live\(delay)", .statusError)
        }
        var text = node.state.rawValue
        if let reason = node.silence(state.snapshot?.configuration.address) { text += ": \(reason)" }
        if let age = node.age, node.state != .live { text += ", last heard \(Units.age(age)) ago" }
        if node.state == .live, let delay = node.linkDelay { text += ", answers in \(Units.delay(delay))" }
        return .fact("state", "\(glyphs.sign(node.state)) \(text)", node.state.scope)
    }

    /// How many buckets a set has and which, as far as there is room.
    private func bucketText(_ set: BucketSet, columns: Int) -> String {
        guard !set.isEmpty else { return "none" }
        let head = "\(set.count) of \(state.totalBuckets)"
        return "\(head): \(set.fitting(columns - 14 - head.count))"
    }

    private func rateLine(_ counter: Counter, _ rate: Rate?, _ sample: ClusterSample) -> Line {
        guard let rate else {
            let isCounted = sample.capabilities.counters.contains(counter)
            return .fact(
                counter.rawValue, isCounted ? "-  not measured yet" : "-  not counted by \(sample.driver)", .textDim)
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

    /// What the node accepted in the last snapshots, a column each.
    private func trendLine(_ node: String, columns: Int) -> Line {
        let values = state.nodes.trends[node]?.values ?? []
        let peak = ClusterFacts.roundedUp(values.max() ?? 0)
        var line = Line.fact("trend", glyphs.spark(values, columns: min(40, columns - 30), peak: peak), .spark)
        line.add(" to \(Units.short(peak)) pps", .textDim)
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
