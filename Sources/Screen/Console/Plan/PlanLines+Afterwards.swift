import Canvas
import ClusterModel
import Planning

/// What follows when every bucket is in place: what was chosen, and how far it is.
extension PlanLines {
    /// What was chosen, before the plan is executed.
    func afterwards(_ prepared: PreparedPlan) -> [Line] {
        let plan = prepared.plan
        let drains = plan.drains.keys.sorted().joined(separator: ", ")
        var sentences: [String] = []
        if !drains.isEmpty {
            let chosen = prepared.afterwards
            let rest = chosen.resets ? "resets" : "keeps"
            sentences.append(
                chosen.wait == nil
                    ? "connections stay with \(drains) until they end; w waits for that"
                    : "waits \(chosen.time) for connections of \(drains) (w), \(rest) the rest (t)")
        }
        if plan.closing == nil, plan.mode != .graceful || prepared.afterwards.resets {
            sentences.append("new owners reset unknown connections for \(Int(Afterwards.settleTime)) s, then settle")
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
