import Canvas
import ClusterModel
import Planning
import Wording

/// The plan itself: before and after, steps, risks.
extension PlanLines {
    func shown(_ prepared: PreparedPlan) -> [Line] {
        let plan = prepared.plan
        var head = Line(plan.title, .title, .bold)
        head.add("   \(plan.mode.rawValue)   operation \(plan.operation)", .textDim)
        // Risks stand first: on a small screen the rest has to be scrolled to.
        var lines = [head] + prepared.risks.flatMap(risk) + [Line()]
        lines += what(plan)
        lines.append(Line())
        lines += facts(plan) + afterwards(prepared) + [Line("STEPS", .header)]
        for index in prepared.steps.indices { lines += step(prepared, index) }
        return lines
    }

    /// Ownership before and after, or why it stays as it is.
    private func what(_ plan: Plan) -> [Line] {
        if plan.finalization != nil {
            return wrapped(
                "no bucket moves; this ends what earlier moves left draining or adopted", glyphs.ok, .statusOk)
        }
        guard plan.moves.isEmpty, !plan.membership.isEmpty else {
            return strips(before: present(plan.before), after: after(plan))
        }
        return wrapped("no bucket gets another owner; this changes who is a member, or its table", glyphs.ok, .statusOk)
    }

    /// What the plan touches and how it spreads the load, as far as that is known.
    private func facts(_ plan: Plan) -> [Line] {
        let impact = plan.impactSentences.enumerated().map { index, sentence in
            Line("\(index == 0 ? "TOUCHES" : "       ")  \(sentence)", .textDim)
        }
        let balance = plan.balanceSentence.map { [Line("BALANCE  \($0)", .textDim)] } ?? []
        return impact.isEmpty && balance.isEmpty ? [] : impact + balance + [Line()]
    }

    /// Ownership of a plan's nodes, and as it is now of those that the plan does not know.
    private func present(_ planned: [String: Ownership]) -> [String: Ownership] {
        state.shownNodes.reduce(into: planned) { if $0[$1.name] == nil { $0[$1.name] = $1.ownership } }
    }

    /// Ownership after a plan; what is taken from a node that is dead and fenced is not its own any more, whatever its
    /// kernel holds.
    private func after(_ plan: Plan) -> [String: Ownership] {
        var after = present(plan.after)
        guard plan.mode == .takeOver else { return after }
        for node in state.shownNodes where node.state == .unreachable {
            var left = after[node.name] ?? Ownership()
            left.owned = left.owned.subtracting(plan.buckets)
            left.adopted = left.adopted.subtracting(plan.buckets)
            left.draining = left.draining.subtracting(plan.buckets)
            after[node.name] = left
        }
        return after
    }

    func strips(before: [String: Ownership], after: [String: Ownership]) -> [Line] {
        let nodes = state.shownNodes
        let changed = nodes.indices.filter { before[nodes[$0].name] != after[nodes[$0].name] }
        let name = nodes.reduce(4) { max($0, min(displayWidth(of: $1.name), 16)) }
        let total = state.totalBuckets
        let width = max(min(total, (columns - name - 20) / 2, 64), 4)
        let shown = nodes.count <= 8 ? Array(nodes.indices) : changed
        let header = "  \(Pad.left("", name))   \(Pad.left("BEFORE", width))      \(Pad.left("AFTER", width))"
        return [Line(header, .header)]
            + shown.flatMap { index in
                let node = nodes[index].name
                let (old, new) = (before[node] ?? Ownership(), after[node] ?? Ownership())
                var line = Line()
                line.runs.append((NodeTag.letter(index), Style(.owner, index: index, attributes: .bold)))
                line.add(" \(Pad.left(String(node.prefix(name)), name)) ", .text)
                let dim: Attributes = nodes[index].state == .live ? [] : .dim
                strip(&line, old, index, total, width, dim)
                line.add("  \(glyphs.right)  ", .textDim)
                strip(&line, new, index, total, width, dim)
                return difference(line, old, new)
            }
    }

    private func strip(
        _ line: inout Line, _ ownership: Ownership, _ index: Int, _ total: Int, _ width: Int, _ attributes: Attributes
    ) {
        line.add(Pad.right("\(ownership.accepting.count)", 4) + " ", .value, attributes)
        let strip = Strip(ownership: ownership, total: total, index: index, attributes: attributes)
        line.runs += strip.runs(width: width, glyphs: glyphs)
        line.add(String(repeating: " ", count: max(0, width - total)), .text)
    }

    /// A node's line with what it gains and loses behind it, or below it when there is no room for all of that.
    private func difference(_ line: Line, _ old: Ownership, _ new: Ownership) -> [Line] {
        let (gained, lost) = (new.accepting.subtracting(old.accepting), old.accepting.subtracting(new.accepting))
        let changes = [("+", gained, Scope.planAdd), ("-", lost, .planRemove)].filter { !$0.1.isEmpty }
        guard !changes.isEmpty else { return [line] }
        let whole = changes.reduce(0) { $0 + 3 + $1.1.description.utf8.count }
        let isBeside = line.width + whole <= columns
        let room = (columns - 4) / changes.count - 3
        var beside = isBeside ? line : Line("    ")
        for (sign, buckets, scope) in changes {
            beside.add("  \(sign)\(isBeside ? buckets.description : buckets.fitting(room))", scope, .bold)
        }
        return isBeside ? [beside] : [line, beside]
    }

    func step(_ prepared: PreparedPlan, _ index: Int) -> [Line] {
        let step = prepared.steps[index]
        let reached = prepared.progress(of: step.id)
        let (glyph, word, scope) = progress(reached)
        var line = Line("\(Pad.right("\(index + 1)", 3)) ", .textDim)
        line.add("\(glyph) \(Pad.left(word, 8))", scope)
        line.add("\(Pad.left(step.node, 8)) \(Pad.left(verb(step.role), 8))", .text)
        line.add("\(step.buckets.fitting(max(columns / 3, 16)))  ", .value)
        line.add(changeWords(step), .textDim)
        if !step.after.isEmpty { line.add("  after \(step.after.joined(separator: ", "))", .textDim) }
        if case .running = reached { line.isFocus = true }
        guard let why = reached.failure?.sentence else { return [line] }
        return [line] + Wrap.lines(why, columns: columns - 6).map { Line("      \($0)", .planFailed) }
    }

    /// What a step does, in one word.
    func verb(_ role: StepRole) -> String {
        switch role {
        case .guard: "guard"
        case .release, .endDrain: "release"
        case .drop: "forget"
        case .claim, .giveBack, .adopt, .finalize: "claim"
        case .admit: "admit"
        case .rebuild: "rebuild"
        case .leave, .end: "leave"
        case .enroll: "list"
        }
    }

    /// "owned -> draining", once for each kind of change.
    func changeWords(_ step: PlanStep) -> String {
        if step.role.isMembership { return step.words }
        var seen: [String] = []
        for change in step.changes {
            let words =
                "expects \(change.from?.rawValue ?? "nothing") \(glyphs.right) \(change.to?.rawValue ?? "nothing")"
            if !seen.contains(words) { seen.append(words) }
        }
        return seen.joined(separator: ", ")
    }

    func progress(_ progress: StepProgress) -> (Unicode.Scalar, String, Scope) {
        switch progress {
        case .waiting: (glyphs.empty, state.plan.isExecuting ? "waiting" : "", .textDim)
        case .running: (glyphs.marker, "running", .planRunning)
        case .done: (glyphs.check, "done", .planDone)
        case .refused, .unknown, .skipped: (glyphs.error, "failed", .planFailed)
        }
    }

    /// The whole sentence, however narrow the screen is.
    func risk(_ risk: Risk) -> [Line] {
        let scope: Scope = risk.mustBeForced ? .statusError : .statusWarn
        var head = Line("\(glyphs.warn) ", scope)
        head.add(risk.name, scope, .bold)
        if risk.mustBeForced { head.add("  must be confirmed", scope) }
        return [head] + Wrap.lines(risk.sentence, columns: columns - 2).map { Line("  \($0)", .text) }
    }
}
