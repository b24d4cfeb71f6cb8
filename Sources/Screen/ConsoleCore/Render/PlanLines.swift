import Canvas
import ClusterModel
import Planning

/// The Plan screen as lines, so that a plan longer than the screen can be scrolled.
struct PlanLines {
    let state: ConsoleState
    let glyphs: GlyphSet
    let columns: Int

    /// How many lines there are at the state's own size.
    static func count(_ state: ConsoleState) -> Int {
        PlanLines(state: state, glyphs: .ascii, columns: state.size.columns - 2).lines.count
    }

    /// Everything below the heading.
    var lines: [Line] {
        switch state.plan.phase {
        case .draft, .planning, .refused: form
        case .ready(let prepared): shown(prepared) + [Line()] + question(prepared)
        case .executing(let prepared): shown(prepared) + [Line()] + [running]
        case .finished(let prepared, let outcome): result(prepared, outcome) + [Line()] + shown(prepared)
        }
    }

    // MARK: Choosing

    private var form: [Line] {
        let plan = state.plan
        let buckets =
            plan.buckets.isEmpty ? "none: mark them on screen 2, or press i and type 3,7-9" : "\(plan.buckets)"
        var lines = [
            field(.buckets, "buckets", buckets, note: plan.buckets.isEmpty ? "" : "\(plan.buckets.count)"),
            field(.target, "to node", "\(glyphs.left) \(plan.target ?? "none") \(glyphs.right)", note: targetNote),
            field(.mode, "mode", "\(glyphs.left) \(plan.mode.rawValue) \(glyphs.right)", note: modeNote),
            Line(),
        ]
        switch plan.phase {
        case .planning: lines.append(Line("\(glyphs.pending) working out the plan \(glyphs.ellipsis)", .statusPending))
        case .refused(let why): lines.append(Line("\(glyphs.error) \(why)", .statusError))
        default: lines.append(Line(state.draftObstacle ?? "Enter shows the plan; nothing is changed by that", .textDim))
        }
        if !plan.buckets.isEmpty, let target = plan.target { lines += [Line()] + preview(plan.buckets, target) }
        return lines
    }

    private func field(_ field: PlanDesk.Field, _ label: String, _ value: String, note: String) -> Line {
        let isHere = state.plan.field == field
        var line = Line(isHere ? "\(glyphs.marker) " : "  ", .title)
        line.add(Pad.left(label, 10), .textDim)
        line.runs.append((value, Style(isHere ? .selection : .text, surface: isHere ? .selection : .background)))
        if !note.isEmpty { line.add("   \(note)", .textDim) }
        return line
    }

    private var targetNote: String {
        guard let node = state.shownNodes.first(where: { $0.name == state.plan.target }) else { return "" }
        let count = node.ownership.answering.count
        return "\(node.state.rawValue), owns \(count)"
    }

    private var modeNote: String {
        switch state.plan.mode {
        case .graceful: "the old owners keep their established connections"
        case .immediate: "the old owners drop their connections at once"
        case .takeOver: "the old owners are dead and fenced; unknown connections are reset"
        }
    }

    /// What the form would come to, before it is planned.
    private func preview(_ buckets: BucketSet, _ target: String) -> [Line] {
        let nodes = state.shownNodes
        let before = Dictionary(nodes.map { ($0.name, $0.ownership) }, uniquingKeysWith: { first, _ in first })
        var after = before
        for (name, ownership) in before {
            let leaving = ownership.answering.intersection(buckets)
            var changed = ownership
            changed.owned = ownership.owned.subtracting(buckets)
            changed.adopted = ownership.adopted.subtracting(buckets)
            if state.plan.mode == .graceful { changed.draining = ownership.draining.union(leaving) }
            if name == target {
                changed = ownership
                changed.owned = ownership.owned.union(buckets)
                changed.draining = ownership.draining.subtracting(buckets)
            }
            after[name] = changed
        }
        return strips(before: before, after: after)
    }

    // MARK: The plan

    private func shown(_ prepared: PreparedPlan) -> [Line] {
        let plan = prepared.plan
        var head = Line(plan.title, .title, .bold)
        head.add("   \(plan.mode.rawValue)   operation \(plan.operation)", .textDim)
        var lines = [head, Line()] + strips(before: plan.before, after: plan.after) + [Line(), Line("STEPS", .header)]
        for index in prepared.steps.indices { lines += step(prepared, index) }
        if !plan.risks.isEmpty { lines += [Line(), Line("RISKS", .header)] + plan.risks.map(risk) }
        return lines
    }

    private func strips(before: [String: Ownership], after: [String: Ownership]) -> [Line] {
        let nodes = state.shownNodes
        let changed = nodes.indices.filter { before[nodes[$0].name] != after[nodes[$0].name] }
        let name = nodes.reduce(4) { max($0, min(displayWidth(of: $1.name), 16)) }
        let total = state.totalBuckets
        let width = max(min(total, (columns - name - 20) / 2, 64), 4)
        let shown = nodes.count <= 8 ? Array(nodes.indices) : changed
        let header = "  \(Pad.left("", name))   \(Pad.left("BEFORE", width))      \(Pad.left("AFTER", width))"
        return [Line(header, .header)]
            + shown.map { index in
                let node = nodes[index].name
                let (old, new) = (before[node] ?? Ownership(), after[node] ?? Ownership())
                var line = Line()
                line.runs.append((NodeTag.letter(index), Style(.owner, index: index, attributes: .bold)))
                line.add(" \(Pad.left(String(node.prefix(name)), name)) ", .text)
                strip(&line, old, index, total, width)
                line.add("  \(glyphs.right)  ", .textDim)
                strip(&line, new, index, total, width)
                difference(&line, old, new)
                return line
            }
    }

    private func strip(_ line: inout Line, _ ownership: Ownership, _ index: Int, _ total: Int, _ width: Int) {
        line.add(Pad.right("\(ownership.answering.count)", 4) + " ", .value)
        let strip = Strip(ownership: ownership, total: total, index: index, attributes: [])
        line.runs += strip.runs(width: width, glyphs: glyphs)
        line.add(String(repeating: " ", count: max(0, width - total)), .text)
    }

    private func difference(_ line: inout Line, _ old: Ownership, _ new: Ownership) {
        let (gained, lost) = (new.answering.subtracting(old.answering), old.answering.subtracting(new.answering))
        if !gained.isEmpty { line.add("  +\(gained)", .planAdd, .bold) }
        if !lost.isEmpty { line.add("  -\(lost)", .planRemove, .bold) }
    }

    private func step(_ prepared: PreparedPlan, _ index: Int) -> [Line] {
        let step = prepared.steps[index]
        let (glyph, word, scope) = progress(prepared.progress[index])
        var line = Line("\(Pad.right("\(index + 1)", 3)) ", .textDim)
        line.add("\(glyph) \(Pad.left(word, 8))", scope)
        line.add("\(Pad.left(step.node, 8)) \(Pad.left(step.purpose.rawValue, 8))", .text)
        line.add("\(BucketSet(step.request.changes.map(\.bucket)))  ", .value)
        line.add(changeWords(step), .textDim)
        if !step.after.isEmpty { line.add("  after \(step.after.sorted().joined(separator: ", "))", .textDim) }
        guard case .failed(let why) = prepared.progress[index] else { return [line] }
        return [line, Line("      \(why)", .planFailed)]
    }

    /// "owned -> draining", once for each kind of change.
    private func changeWords(_ step: PlanStep) -> String {
        var seen: [String] = []
        for change in step.request.changes {
            let words =
                "expects \(change.from?.rawValue ?? "nothing") \(glyphs.right) \(change.to?.rawValue ?? "nothing")"
            if !seen.contains(words) { seen.append(words) }
        }
        return seen.joined(separator: ", ")
    }

    private func progress(_ progress: StepProgress) -> (Unicode.Scalar, String, Scope) {
        switch progress {
        case .waiting: (glyphs.empty, state.plan.isExecuting ? "waiting" : "", .textDim)
        case .running: (glyphs.marker, "running", .planRunning)
        case .done: (glyphs.check, "done", .planDone)
        case .failed: (glyphs.error, "failed", .planFailed)
        }
    }

    private func risk(_ risk: Risk) -> Line {
        var line = Line("  \(glyphs.warn) ", risk.mustBeForced ? .statusError : .statusWarn)
        line.add(risk.name, risk.mustBeForced ? .statusError : .statusWarn, .bold)
        line.add("  \(risk.text)", .text)
        if risk.mustBeForced { line.add("  (must be confirmed by the cluster's name)", .statusError) }
        return line
    }

    // MARK: Yes, and what became of it

    private func question(_ prepared: PreparedPlan) -> [Line] {
        if let reason = state.lock.reason {
            return [Line("\(glyphs.warn) cannot be executed, \(reason)", .badgeLocked)]
        }
        var line = Line("Y", .footerKey, .bold)
        let word = prepared.forcedRisks.isEmpty ? "executes it" : "asks for the cluster's name, then executes it"
        line.add(" \(word)   ", .text)
        line.add("Esc", .footerKey, .bold)
        line.add(" goes back, nothing is changed", .text)
        return [line]
    }

    private var running: Line {
        if state.plan.isStopping { return Line("\(glyphs.pending) stopping after the running step", .statusPending) }
        return Line("\(glyphs.marker) executing; x stops after the running step", .planRunning)
    }

    private func result(_ prepared: PreparedPlan, _ outcome: PlanOutcome) -> [Line] {
        switch outcome {
        case .stopped(let why):
            return [
                Line("\(glyphs.error) \(why)", .planFailed, .bold), Line("Esc closes, u plans the way back", .textDim),
            ]
        case .completed(let after):
            let wrong = prepared.misplaced(in: after)
            let count = prepared.plan.moves.count
            let head =
                wrong.isEmpty
                ? Line(
                    "\(glyphs.check) done, and verified in the kernels: \(count) of \(count) buckets are where they should be",
                    .planDone, .bold)
                : Line(
                    "\(glyphs.error) executed, but the kernels say otherwise for buckets \(wrong)", .planFailed, .bold)
            return [head, Line("Esc closes, u plans the way back", .textDim)]
        }
    }
}
