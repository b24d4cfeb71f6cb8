import Canvas
import ClusterModel
import Planning

/// The Plan screen as lines, so that a plan longer than the screen can be scrolled.
struct PlanLines {
    let state: ConsoleState
    let glyphs: GlyphSet
    let columns: Int

    /// Where the lines stand in the body of the screen: below a heading.
    static func area(_ body: Rect) -> Rect { body.splitTop(body.rows >= 7 ? 1 : 0).rest }

    /// How many lines there are at the state's own size.
    static func count(_ state: ConsoleState) -> Int {
        PlanLines(state: state, glyphs: .ascii, columns: state.size.columns - 2).lines.count
    }

    /// Everything below the heading.
    var lines: [Line] {
        switch state.plan.phase {
        case .draft, .planning, .refused: form
        case .ready(let prepared): stale + shown(prepared) + [Line()] + question(prepared)
        case .executing(let prepared): waiting + shown(prepared) + [Line()] + [running]
        case .finished(let prepared, let outcome): result(prepared, outcome) + [Line()] + shown(prepared)
        }
    }

    var form: [Line] {
        if let wish = state.plan.request, state.plan.phase != .draft {
            guard case .move = wish else { return [Line(wish.title, .title, .bold), Line()] + progress }
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
