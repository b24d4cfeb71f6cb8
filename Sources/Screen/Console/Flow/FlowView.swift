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
        lines(flowLines(screen, snapshot), in: rest.inset(1, 0))
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
        let settings = snapshot.configuration
        guard !screen.line.isEmpty else { return introduction(settings) }
        let flow: Flow
        do { flow = try FlowText.parsed(screen.line.text, clusterAddress: settings.address) } catch {
            return [Line("\(glyphs.pending) \(error.text)", .statusPending)]
        }
        do { return verdictLines(try FlowVerdict(flow, snapshot: snapshot), screen, snapshot) } catch {
            return [Line("\(glyphs.warn) \(error.description)", .statusWarn)]
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
        case .nft(let expression): expression.fields.map(\.rawValue).joined(separator: ", ")
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
            head.add("answered by ", .textDim)
            let name = "\(NodeTag.letter(owner)) \(snapshot.nodes[owner].name)"
            head.runs.append((name, Style(.owner, index: owner, attributes: .bold)))
        } else {
            head.add("\(glyphs.orphan) answered by nobody", .bucketOrphan, .bold)
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

    private func arithmeticTitle(_ settings: ClusterConfiguration) -> String {
        "ARITHMETIC  \(settings.scheme.name), seed \(settings.scheme.seedText)"
    }

    private func arithmeticLines(_ verdict: FlowVerdict) -> [Line] {
        verdict.arithmetic.map { part in
            var line = Line("  \(Pad.left(part.label, 8))", .textDim)
            line.add(Pad.left(part.value, 12), .value)
            line.add(part.comment, .textDim)
            return line
        }
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
