import Canvas
import ClusterModel
import Responsibility

extension Painter {
    /// The Flow screen: a line to type a flow into, and who answers it, with the arithmetic.
    mutating func flow(_ screen: FlowScreen, in body: Rect) {
        var rest: Rect
        let heading: Rect
        (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        rule(heading, title: "Flow", remark: "who answers it")
        let line: Rect
        (line, rest) = rest.splitTop(1)
        input(screen, in: line)
        (_, rest) = rest.splitTop(rest.rows >= 6 ? 1 : 0)
        guard let snapshot = state.snapshot else {
            return lines([Line("no node was heard yet", .textDim)], in: rest.inset(1, 0))
        }
        let shown = flowLines(screen, snapshot)
        var (text, below) = rest.splitTop(shown.count + 1)
        if let bucket = screen.answer?.verdict?.bucket, rest.columns >= 150, rest.rows >= 24 {
            (text, below) = rest.splitTop(min(max(shown.count + 1, 20), rest.rows))
            let longest = shown.reduce(0) { max($0, $1.width) } + 4
            let (left, right) = text.splitLeft(min(max(longest, 60), text.columns / 2))
            text = left
            bucketDetail(bucket, in: right.splitLeft(1).rest, snapshot)
        }
        lines(shown, in: text.inset(1, 0))
        companions([.graph, .waterfall], in: below)
    }

    private mutating func input(_ screen: FlowScreen, in rect: Rect) {
        guard !rect.isEmpty else { return }
        let isTyping = screen.isTyping
        let surface: Scope = isTyping ? .prompt : .background
        canvas.fill(rect, Style(.text, surface: surface))
        let label = rect.columns >= 30 ? " flow " : " "
        let used = canvas.put(label, at: rect.origin, style: Style(.textDim, surface: surface))
        let old = cursor
        let hint = screen.line.isEmpty ? (isTyping ? "tcp 10.9.1.2:4242" : "press i to type a flow") : ""
        input(
            screen.line, at: Point(column: rect.column + used, row: rect.row), limit: rect.columns - used,
            style: Style(.prompt, surface: surface, attributes: .bold), hint: hint)
        if !isTyping { cursor = old }
    }

    private func flowLines(_ screen: FlowScreen, _ snapshot: ClusterSnapshot) -> [Line] {
        switch screen.answer {
        case nil: introduction(snapshot.configuration)
        case .unreadable(let why): [Line("\(glyphs.pending) \(why)", .statusPending)]
        case .exact(let verdict): verdictLines(verdict, screen, snapshot)
        case .spread(let spread): spreadLines(spread, snapshot)
        case .needsDestinationPort(let flow):
            [
                Line("\(glyphs.pending) this cluster hashes the port of the service, too", .statusPending),
                Line("  add it: \(flow.source):4242 \(flow.destination):80", .textDim),
            ]
        }
    }

    private func introduction(_ settings: ClusterConfiguration) -> [Line] {
        let port = settings.scheme.ports.contains(.source) ? ":4242" : ""
        return [
            Line("The answer comes while you type:", .text), Line(),
            Line("  tcp 10.9.1.2:4242 \(settings.address):80", .value),
            Line("  10.9.1.2\(port)", .value), Line(),
            Line("Without a protocol it is TCP, without a destination \(settings.address).", .textDim),
            Line("This cluster hashes \(hashedParts(settings.scheme)).", .textDim),
        ]
    }

    private func hashedParts(_ scheme: HashScheme) -> String {
        switch scheme {
        case .nft(let expression): expression.parts.map(\.description).joined(separator: ", ")
        case _ where scheme.ports == .both: "the source address and both ports"
        case _ where scheme.ports == .source: "the source address and the source port"
        case .clusterIP, .clusterMatch: "the source address alone"
        }
    }

    private func verdictLines(_ verdict: FlowVerdict, _ screen: FlowScreen, _ snapshot: ClusterSnapshot) -> [Line] {
        var head = Line("bucket ", .textDim)
        head.add("\(verdict.bucket)", .flowMatch, .bold)
        head.add(" of \(snapshot.configuration.bucketCount)   ", .textDim)
        if let owner = verdict.owner {
            head.add(verdict.keepers.isEmpty ? "answered by " : "new connections: ", .textDim)
            head.runs.append(nodeName(owner, snapshot))
        } else {
            head.add("\(glyphs.orphan) answered by nobody", .bucketOrphan, .bold)
        }
        if !verdict.keepers.isEmpty {
            head.add("   older ones: ", .textDim)
            for keeper in verdict.keepers { head.runs.append(nodeName(keeper, snapshot)) }
        }
        var lines = [head]
        if verdict.doubts.isEmpty {
            lines.append(Line("\(glyphs.ok) nothing is known that could prevent it", .statusOk))
        }
        lines += verdict.doubts.map { Line("\(glyphs.warn) \($0)", .statusWarn) }
        lines += [Line(), Line("NODES", .header)] + nodeLines(verdict, screen, snapshot)
        lines += [Line(), Line(arithmeticTitle(snapshot.configuration), .header)] + arithmeticLines(verdict)
        return lines
    }

    private func nodeName(_ index: Int, _ snapshot: ClusterSnapshot) -> (text: String, style: Style) {
        ("\(NodeTag.letter(index)) \(snapshot.nodes[index].name)", Style(.owner, index: index, attributes: .bold))
    }

    /// How a client's connections spread when it is not said which of them is meant.
    private func spreadLines(_ spread: FlowSpread, _ snapshot: ClusterSnapshot) -> [Line] {
        let all = FlowSpread.ports.count
        let width = snapshot.nodes.reduce(4) { max($0, min(displayWidth(of: $1.name), 16)) }
        func line(_ name: (text: String, style: Style), _ count: Int, _ bar: Style) -> Line {
            var line = Line("  ")
            line.runs.append((Pad.left(name.text, width + 2), name.style))
            line.add(Pad.right(Pad.grouped(UInt64(count)), 8), count > 0 ? .value : .valueIdle)
            line.add(Pad.right(Units.percent(Double(count), of: Double(all)), 6) + "  ", .textDim)
            line.runs.append((glyphs.bar(Double(count) / Double(all), columns: 32), bar))
            return line
        }
        var lines = [
            Line("this cluster hashes the source port, too: one client, many buckets", .text), Line(),
            Line("OF THE \(Pad.grouped(UInt64(all))) PORTS FROM 1,024 ON", .header),
        ]
        for index in snapshot.nodes.indices where spread.nodes[index] > 0 {
            lines.append(line(nodeName(index, snapshot), spread.nodes[index], Style(.owner, index: index)))
        }
        if spread.unanswered > 0 {
            let style = Style(.bucketOrphan, attributes: .bold)
            lines.append(line(("\(glyphs.orphan) nobody", style), spread.unanswered, style))
        }
        return lines + [Line(), Line("add a port for the exact answer: \(spread.flow.source):40000", .textDim)]
    }

    private func arithmeticTitle(_ settings: ClusterConfiguration) -> String {
        "ARITHMETIC  \(settings.scheme.name), seed \(settings.scheme.seedText)"
    }

    private func arithmeticLines(_ verdict: FlowVerdict) -> [Line] {
        let trace = verdict.trace
        let words = trace.words.map { (Self.hex($0.value), "\($0.name): \($0.origin)") }
        let rest = [
            (Self.hex(trace.seed), "seed"), (Self.hex(trace.hash), "jhash: \(trace.hash)"),
            ("\(trace.bucket)", "(\(trace.hash) \(glyphs.times) \(trace.bucketCount) >> 32) + \(trace.firstBucket)"),
        ]
        return (words + rest).map { value, comment in
            var line = Line("  \(Pad.right(value, 10))  ", .value)
            line.add(comment, .textDim)
            return line
        }
    }

    /// A 32-bit word as 0x and eight hex digits.
    private static func hex(_ word: UInt32) -> String {
        let digits = String(word, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    private func nodeLines(_ verdict: FlowVerdict, _ screen: FlowScreen, _ snapshot: ClusterSnapshot) -> [Line] {
        let isAsked = screen.asked == verdict.flow
        let width = snapshot.nodes.reduce(4) { max($0, min(displayWidth(of: $1.name), 16)) }
        // With many nodes only those that have to do with the flow are listed.
        let shown = snapshot.nodes.indices.filter { index in
            snapshot.nodes.count <= 8 || snapshot.nodes[index].ownership.state(of: verdict.bucket) != nil
                || screen.reply(snapshot.nodes[index].name)?.isKnown == true
        }
        return shown.map { index in
            let node = snapshot.nodes[index]
            let own = node.ownership.state(of: verdict.bucket)
            var line = Line("  ", .text)
            line.runs.append((NodeTag.letter(index), Style(.owner, index: index, attributes: .bold)))
            line.add(" \(Pad.left(String(node.name.prefix(width)), width))  ", .text)
            line.add(Pad.left("\(glyphs.sign(node.state)) \(node.state.rawValue)", 15), node.state.scope)
            line.add(Pad.left("\(glyphs.sign(own)) \(own?.rawValue ?? "drops it")", 12), own?.scope ?? .textDim)
            if isAsked {
                line.add(
                    connectionText(screen, node.name), screen.reply(node.name)?.isKnown == true ? .statusOk : .textDim)
            }
            return line
        }
    }

    private func connectionText(_ screen: FlowScreen, _ node: String) -> String {
        guard screen.replies != nil else { return "asking \(glyphs.ellipsis)" }
        return screen.reply(node).map { "connection: \($0.text)" } ?? "no reply"
    }
}
