import Canvas
import ClusterModel
import Wording

extension Painter {
    /// Everything about one bucket: who answers it, how fast, and what each node counted.
    mutating func bucketDetail(_ bucket: Int, in rect: Rect, _ snapshot: ClusterSnapshot) {
        guard rect.rows > 0 else { return }
        let owner = snapshot.coverage.owner(of: bucket)
        rule(rect.line(0), title: "Bucket \(bucket)", remark: legend)
        var rest = rect.splitTop(1).rest.inset(1, 0)
        put(ownerLine(bucket, owner, snapshot), in: rest.line(0))
        rest = rest.splitTop(1).rest
        if rest.rows >= 5 {
            // The spark line is for screens that have no room for the chart.
            let hasChart = rest.rows - snapshot.nodes.count - 4 >= 5
            put(rateLine(bucket, columns: hasChart ? 0 : rest.columns), in: rest.line(0))
            rest = rest.splitTop(rest.rows >= 7 ? 2 : 1).rest
        }
        let table = snapshot.nodes.count + 2
        nodeCounters(bucket, in: rest.splitTop(rest.rows - table >= 5 ? table : rest.rows).top, snapshot)
        guard rest.rows - table >= 5 else { return }
        chart(bucket, owner, in: rest.splitTop(table).rest)
    }

    private var legend: String {
        "\(glyphs.orphan) orphan  \(glyphs.conflict) conflict  \(glyphs.draining) draining  \(glyphs.adopted) adopted"
    }

    private func ownerLine(_ bucket: Int, _ owner: Int?, _ snapshot: ClusterSnapshot) -> Line {
        var line = Line()
        guard let owner else {
            line.add("\(glyphs.orphan) orphan: no node answers it, its clients get nothing", .bucketOrphan, .bold)
            return line
        }
        let node = snapshot.nodes[owner]
        line.add("owner ", .textDim)
        line.runs.append(("\(NodeTag.letter(owner)) \(node.name)", Style(.owner, index: owner, attributes: .bold)))
        if node.state != .live { line.add("  \(glyphs.sign(node.state)) \(node.state.rawValue)", node.state.scope) }
        if snapshot.coverage.conflicts.contains(bucket) {
            let others = snapshot.nodes.filter {
                $0.ownership.state(of: bucket)?.acceptsNewFlows == true && $0.name != node.name
            }
            let names = others.map(\.name).joined(separator: ", ")
            line.add("  \(glyphs.conflict) conflict: \(names) answers it too", .bucketConflict, .bold)
        }
        let draining = snapshot.nodes.filter { $0.ownership.draining.contains(bucket) }.map(\.name)
        if !draining.isEmpty {
            let counts = (state.plan.waiting?.left ?? [:]).values.compactMap { $0[bucket] }
            let left = counts.isEmpty ? "" : ", \(counts.saturatedSum) connections left"
            line.add("  \(glyphs.draining) draining on \(draining.joined(separator: ", "))\(left)", .bucketDraining)
        }
        if let writer = node.sample?.notes.writer(of: bucket) { line.add("  since \(writer.words)", .textDim) }
        if state.marks.contains(bucket) { line.add("  \(glyphs.check) marked", .planAdd) }
        return line
    }

    private func rateLine(_ bucket: Int, columns: Int) -> Line {
        let rate = state.facts.rate(of: bucket)
        var line = Line("accepted ", .textDim)
        line.add("\(Pad.right(rate.map(Units.short) ?? "-", 5)) pps  ", (rate ?? 0) > 0 ? .value : .valueIdle)
        guard let history = state.snapshot?.history, history.indices.contains(bucket - 1) else { return line }
        let values = history[bucket - 1].values
        let width = min(60, columns - 38)
        guard width >= 10, !values.isEmpty else { return line }
        let peak = ClusterFacts.roundedUp(values.max() ?? 0)
        line.add(glyphs.spark(values, columns: width, peak: peak), .spark)
        line.add(" \(width) s, to \(Units.short(peak)) pps", .textDim)
        return line
    }

    /// What the bucket's owner accepted, in the owner's colour.
    private mutating func chart(_ bucket: Int, _ owner: Int?, in rect: Rect) {
        let window = state.view.window(columns: rect.columns - Self.scaleWidth, now: state.wall)
        canvas.put("ACCEPTED PPS, LAST \(window.words.uppercased())", in: rect.line(0), style: Style(.header))
        let values = values(bucket, columns: window.columns)
        let columns = values.map { $0 < 0 ? nil : [(layer: StackedGraph.Layer.node(owner ?? 0), rate: $0)] }
        graph(
            StackedGraph(columns: columns, peak: StackedGraph.top(above: values.max() ?? 0), glyphs: glyphs), window,
            in: rect.splitTop(1).rest, hasTimes: rect.rows >= 6)
    }

    private mutating func nodeCounters(_ bucket: Int, in rect: Rect, _ snapshot: ClusterSnapshot) {
        guard rect.rows >= 2 else { return }
        let name = snapshot.nodes.reduce(4) { max($0, min(displayWidth(of: $1.name), 16)) }
        let isWide = rect.columns >= name + 64
        let head =
            "  \(Pad.left("NODE", name)) \(Pad.left("STATE", 10))"
            + (isWide ? Pad.right("ARRIVED", 15) : "") + Pad.right("PPS", 7)
            + (isWide ? Pad.right("ACCEPTED", 15) : Pad.right("ACCEPT", 8)) + (isWide ? Pad.right("PPS", 7) : "")
        canvas.put(isWide ? head : head, in: rect.line(0), style: Style(.header))
        // Nodes that have to do with the bucket come first: with many nodes the others may not fit.
        let involved = snapshot.nodes.indices.filter { snapshot.nodes[$0].ownership.state(of: bucket) != nil }
        let others = snapshot.nodes.indices.filter { snapshot.nodes[$0].ownership.state(of: bucket) == nil }
        let order = snapshot.nodes.count < rect.rows ? Array(snapshot.nodes.indices) : involved + others
        for (line, index) in order.prefix(rect.rows - 1).enumerated() {
            put(counterLine(bucket, index, snapshot.nodes[index], name: name, isWide: isWide), in: rect.line(line + 1))
        }
    }

    private func counterLine(_ bucket: Int, _ index: Int, _ node: NodeStatus, name: Int, isWide: Bool) -> Line {
        let own = node.ownership.state(of: bucket)
        let dim: Attributes = node.state == .live ? [] : .dim
        var line = Line()
        line.runs.append((NodeTag.letter(index), Style(.owner, index: index, attributes: .bold)))
        line.add(" \(Pad.left(String(node.name.prefix(name)), name)) ", .text, dim)
        line.add(Pad.left("\(glyphs.sign(own)) \(own?.rawValue ?? "-")", 10), own?.scope ?? .textDim, dim)
        guard let sample = node.sample, sample.counters.indices.contains(bucket - 1) else {
            line.add("  \(node.sample.map { "not counted by \($0.driver)" } ?? "not heard yet")", .textDim)
            return line
        }
        let counters = sample.counters[bucket - 1]
        let rates = node.rates.indices.contains(bucket - 1) ? node.rates[bucket - 1] : BucketRates()
        for (count, rate) in [(counters.arrived, rates.arrived), (counters.accepted, rates.accepted)] {
            if isWide {
                let packets = count.map { Pad.grouped($0.packets) } ?? "-"
                line.add(Pad.right(packets, 15), (count?.packets ?? 0) > 0 ? .text : .valueIdle, dim)
            }
            // A node that is not heard counts on, or not: a rate of before would be no rate.
            let pps = node.state == .live ? rate?.packetsPerSecond : nil
            line.add(Pad.right(pps.map(Units.short) ?? "-", 7), (pps ?? 0) > 0 ? .value : .valueIdle, dim)
        }
        if node.state != .live, let age = node.age { line.add("  \(Units.age(age)) ago", node.state.scope) }
        return line
    }
}
