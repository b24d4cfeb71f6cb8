import Canvas
import ClusterModel
import Planning

/// What is asked before a plan is executed, and what became of it.
extension PlanLines {
    func question(_ prepared: PreparedPlan) -> [Line] {
        if let reason = state.lock.reason {
            return [Line("\(glyphs.warn) cannot be executed, \(reason)", .badgeLocked)]
        }
        var line = Line("Y", .footerKey, .bold)
        let name = prepared.wordToType(clusterName: state.clusterName)
        let word = prepared.forcedRisks.isEmpty ? "executes it" : "asks to type \(name), then executes it"
        line.add(" \(word)   ", .text)
        line.add("Esc", .footerKey, .bold)
        line.add(" goes back, nothing is changed", .text)
        return [line]
    }

    var running: Line {
        if state.plan.isStopping { return Line("\(glyphs.pending) stopping after the running step", .statusPending) }
        return Line("\(glyphs.marker) executing; x stops after the running step", .planRunning)
    }

    func result(_ prepared: PreparedPlan, _ outcome: PlanOutcome) -> [Line] {
        switch outcome {
        case .stopped(let why):
            return [
                Line("\(glyphs.error) \(why)", .planFailed, .bold), Line("Esc closes, u plans the way back", .textDim),
            ]
        case .completed(let after):
            let wrong = prepared.misplaced(in: after)
            let count = prepared.plan.moves.count
            let good = "\(glyphs.check) done, and verified in the kernels: \(count) of \(count) buckets in place"
            let bad = "\(glyphs.error) executed, but the kernels say otherwise for buckets \(wrong)"
            let head = wrong.isEmpty ? Line(good, .planDone, .bold) : Line(bad, .planFailed, .bold)
            return [head, Line("Esc closes, u plans the way back", .textDim)]
        }
    }
}
