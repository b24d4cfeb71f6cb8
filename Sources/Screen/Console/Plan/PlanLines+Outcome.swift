import Canvas
import ClusterModel
import Planning

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
        let word = prepared.forcedRisks.isEmpty ? "executes it" : "asks to type \(name), then executes it"
        line.add(" \(word)   ", .text)
        line.add("Esc", .footerKey, .bold)
        line.add(" goes back, nothing is changed", .text)
        return [line]
    }

    /// That the plan can be executed no more; it stands first, where also a small screen shows it.
    var stale: [Line] { state.staleness.map { failure("the plan is stale: \($0.text)") + [Line()] } ?? [] }

    var running: Line {
        if state.plan.isStopping { return Line("\(glyphs.pending) stopping after the running step", .statusPending) }
        if state.plan.waiting != nil { return Line("\(glyphs.marker) waiting; x ends the wait", .planRunning) }
        return Line("\(glyphs.marker) executing; x stops after the running step", .planRunning)
    }

    func result(_ prepared: PreparedPlan, _ outcome: PlanOutcome) -> [Line] {
        switch outcome {
        case .refused(let why):
            return failure(why) + [Line("Esc closes", .textDim)]
        case .stopped(let why):
            return failure(why)
                + [Line("c plans what completes it, u plans the way back, Esc leaves it as it is", .textDim)]
        case .completed(let after, let left):
            let wrong = prepared.misplaced(in: after)
            let count = prepared.plan.moves.count
            let good =
                prepared.plan.closing != nil
                ? "\(glyphs.check) done"
                : "\(glyphs.check) done, and verified in the kernels: \(count) of \(count) buckets in place"
            let bad = "\(glyphs.error) executed, but the kernels say otherwise for bucket \(wrong)"
            let head = wrong.isEmpty ? Line(good, .planDone, .bold) : Line(bad, .planFailed, .bold)
            let rest = left.flatMap { Wrap.lines($0, columns: columns - 2) }.map { Line("  \($0)", .statusWarn) }
            let way = prepared.plan.moves.isEmpty ? "Esc closes" : "Esc closes, u plans the way back"
            let next = wrong.isEmpty ? way : "Esc closes, then :repair plans one owner"
            return [head] + rest + [Line(next, .textDim)]
        }
    }

    private func failure(_ why: String) -> [Line] { wrapped(why, glyphs.error, .planFailed, .bold) }
}
