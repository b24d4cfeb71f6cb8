import Canvas
import ClusterModel
import Planning
import Wording

/// The Plan screen as lines, so that a plan longer than the screen can be scrolled.
struct PlanLines {
    let state: ConsoleState
    let glyphs: GlyphSet
    let columns: Int

    /// Where the lines stand in the body of the screen: below a heading.
    static func area(_ body: Rect) -> Rect { body.splitTop(body.rows >= 7 ? 1 : 0).rest }

    /// Everything below the heading.
    var lines: [Line] {
        switch state.plan.phase {
        case .draft, .planning, .refused: form
        case .ready(let prepared): stale + shown(prepared) + [Line()] + question(prepared)
        case .executing(let prepared): waiting + shown(prepared) + [Line()] + [running]
        case .finished(let prepared, let ending): result(prepared, ending) + [Line()] + shown(prepared)
        }
    }

    var form: [Line] {
        if let kind = state.plan.awaited, state.plan.phase != .draft {
            guard case .requested(.move) = kind else { return [Line(kind.title, .title, .bold), Line()] + progress }
        }
        let plan = state.plan
        let buckets =
            plan.buckets.isEmpty ? "none: mark them on screen 2, or press i and type 3,7-9" : "\(plan.buckets)"
        var lines = [
            field(.buckets, "buckets", buckets, note: plan.buckets.isEmpty ? "" : "\(plan.buckets.count)"),
            field(.target, "to node", "\(glyphs.left) \(plan.target ?? "none") \(glyphs.right)", note: targetNote),
            field(.mode, "mode", "\(glyphs.left) \(plan.mode.rawValue) \(glyphs.right)", note: modeNote),
            Line(),
        ]
        lines += progress
        if !plan.buckets.isEmpty, let target = plan.target { lines += [Line()] + preview(plan.buckets, target) }
        return lines
    }

    /// How far the plan is that was asked for, or what to do for one.
    private var progress: [Line] {
        switch state.plan.phase {
        case .planning: [Line("\(glyphs.pending) working out the plan \(glyphs.ellipsis)", .statusPending)]
        case .refused(let why): wrapped(why, glyphs.error, .statusError)
        default: [Line(state.draftObstacle ?? "Enter shows the plan; nothing is changed by that", .textDim)]
        }
    }

    /// A whole sentence behind a sign, however narrow the screen is.
    func wrapped(_ text: String, _ sign: Unicode.Scalar, _ scope: Scope, _ attributes: Attributes = []) -> [Line] {
        Wrap.lines(text, columns: columns - 2).enumerated().map { index, text in
            Line((index == 0 ? "\(sign) " : "  ") + text, scope, attributes)
        }
    }

    func field(_ field: PlanScreen.Field, _ label: String, _ value: String, note: String) -> Line {
        let isHere = state.planScreen.field == field
        var line = Line(isHere ? "\(glyphs.marker) " : "  ", .title)
        line.add(Pad.left(label, 10), .textDim)
        line.runs.append((value, Style(isHere ? .selection : .text, surface: isHere ? .selection : .background)))
        if !note.isEmpty { line.add("   \(note)", .textDim) }
        return line
    }

    var targetNote: String {
        guard let node = state.shownNodes.first(where: { $0.name == state.plan.target }) else { return "" }
        let count = node.ownership.accepting.count
        return "\(node.state.rawValue), owns \(count)"
    }

    var modeNote: String {
        switch state.plan.mode {
        case .graceful: "the old owners keep their established connections"
        case .immediate: "the old owners drop their connections at once"
        case .takeOver: "the old owners are dead and fenced; unknown connections are reset"
        }
    }

    /// What the form would come to, before it is planned.
    func preview(_ buckets: BucketSet, _ target: String) -> [Line] {
        let nodes = state.shownNodes
        let before = Dictionary(nodes.map { ($0.name, $0.ownership) }, uniquingKeysWith: { first, _ in first })
        var after = before
        for (name, ownership) in before {
            let leaving = ownership.accepting.intersection(buckets)
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
}

extension Painter {
    /// The Plan screen.
    mutating func plan(_ screen: PlanScreen, in body: Rect) {
        let (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        let all = PlanLines(state: state, glyphs: glyphs, columns: body.columns - 2).lines
        let top = screen.top(of: all, rows: rest.rows)
        let isLong = all.count > rest.rows
        let remark = isLong ? "lines \(top + 1)-\(top + rest.rows) of \(all.count)" : ""
        rule(heading, title: planTitle, remark: remark)
        lines(all.dropFirst(top), in: rest.inset(1, 0))
    }

    private var planTitle: String {
        switch state.plan.phase {
        case .draft, .planning, .refused: "Plan"
        case .ready: "Plan: nothing is changed yet"
        case .executing: "Plan: executing"
        case .finished: "Plan: ended"
        }
    }
}

/// What follows when every bucket is in place: what was chosen, and how far it is.
extension PlanLines {
    /// What was chosen, before the plan is executed.
    func afterwards(_ prepared: PreparedPlan) -> [Line] {
        let plan = prepared.plan
        let unable = Set(state.shownNodes.filter { !$0.canServe }.map(\.name))
        let stranded = plan.drains.keys.sorted().filter(unable.contains)
        let drains = plan.drains.keys.sorted().filter { !unable.contains($0) }.joined(separator: ", ")
        var sentences: [String] = []
        if !drains.isEmpty {
            let chosen = prepared.afterwards
            let rest = chosen.resets ? "resets" : "keeps"
            sentences.append(
                chosen.wait == nil
                    ? "connections stay with \(drains) until they end; w waits for that"
                    : "waits \(chosen.time) for connections of \(drains) (w), \(rest) the rest (t)")
        }
        if !stranded.isEmpty {
            let names = stranded.joined(separator: ", ")
            sentences.append(
                "\(names) cannot serve the connections that it keeps: their clients wait until they give up")
        }
        if plan.adopts || prepared.afterwards.resets, !plan.moves.isEmpty {
            sentences.append("new owners reset unknown connections for \(Int(Afterwards.resetTime)) s, then settle")
        }
        guard !sentences.isEmpty else { return [] }
        return sentences.enumerated().map { index, sentence in
            Line("\(index == 0 ? "THEN   " : "       ")  \(sentence)", .textDim)
        } + [Line()]
    }

    /// How far the wait is: a bar, what is left in all, on which node and in which buckets, and the time left.
    var waiting: [Line] {
        guard let shown = state.plan.waiting else { return [] }
        let seconds = max(shown.end - state.now, 0)
        let stop = Line("x ends the wait; buckets stay as they are then", .textDim)
        if case .finalizing = shown.wait {
            let text = "every bucket is answered; unknown connections are reset for \(DrainLine.clock(seconds)) more"
            return [Line("\(glyphs.pending) \(text)", .statusPending), stop, Line()]
        }
        guard let left = shown.left else {
            return [Line("\(glyphs.pending) counting the connections that are left", .statusPending), stop, Line()]
        }
        let drain = DrainLine(left: left, most: shown.most, secondsLeft: seconds)
        var line = Line("DRAINING  ", .header)
        line.add(bar(drain), .planRunning)
        line.add("  \(drain.head)", .value)
        return [line] + drain.nodes(fitting: columns - 2).map { Line("  \($0)", .text) } + [stop, Line()]
    }

    private func bar(_ drain: DrainLine) -> String { drain.bar(max(min(columns - 58, 30), 8)) }
}

/// What is asked before a plan is executed, and what became of it.
extension PlanLines {
    func question(_ prepared: PreparedPlan) -> [Line] {
        if let reason = state.lock.reason {
            return [Line("\(glyphs.warn) cannot be executed, \(reason)", .badgeLocked)]
        }
        if state.staleness != nil {
            return [Line("Y says who changed it, and changes nothing; Esc goes back, to plan again", .textDim)]
        }
        var line = Line("Y", .footerKey, .bold)
        let name = prepared.wordToType(clusterName: state.clusterName)
        let word =
            prepared.forcedRisks.isEmpty
            ? "asks why, and executes it" : "asks to type \(name), then why, and executes it"
        line.add(" \(word)   ", .text)
        line.add("Esc", .footerKey, .bold)
        line.add(" goes back, nothing is changed", .text)
        return [line]
    }

    /// That the plan can be executed no more; it stands first, where also a small screen shows it.
    var stale: [Line] { state.staleness.map { failure("the plan is stale: \($0.sentence)") + [Line()] } ?? [] }

    var running: Line {
        if state.plan.isStopping { return Line("\(glyphs.pending) stopping after the running step", .statusPending) }
        if state.plan.waiting != nil { return Line("\(glyphs.marker) waiting; x ends the wait", .planRunning) }
        return Line("\(glyphs.marker) executing; x stops after the running step", .planRunning)
    }

    func result(_ prepared: PreparedPlan, _ ending: PlanEnding) -> [Line] {
        switch ending.verdict {
        case .nothingChanged(let why):
            return failure(why) + [Line("Esc closes", .textDim)]
        case .stopped(let why):
            return failure(why)
                + [Line("c plans what completes it, u plans the way back, Esc leaves it as it is", .textDim)]
        case .completed(let outcome, let left):
            let wrong = outcome.misplaced
            let count = prepared.plan.moves.count
            let good =
                prepared.plan.moves.isEmpty
                ? "\(glyphs.check) done"
                : "\(glyphs.check) done, and verified in the kernels: \(count) of \(count) buckets in place"
            let bad = "\(glyphs.error) executed, but the kernels say otherwise for \(wrong.named)"
            let head = wrong.isEmpty ? Line(good, .planDone, .bold) : Line(bad, .planFailed, .bold)
            let rest = left.flatMap { Wrap.lines($0, columns: columns - 2) }.map { Line("  \($0)", .statusWarn) }
            let way = prepared.plan.moves.isEmpty ? "Esc closes" : "Esc closes, u plans the way back"
            let next = wrong.isEmpty ? way : "Esc closes, then :repair plans one owner"
            return [head] + rest + [Line(next, .textDim)]
        }
    }

    private func failure(_ why: String) -> [Line] { wrapped(why, glyphs.error, .planFailed, .bold) }
}
