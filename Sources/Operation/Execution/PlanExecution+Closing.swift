import AgentProtocol
import ClusterModel
import Planning

/// What follows when every bucket is where it should be: the end of draining, the end of adopting.
extension PlanExecution {
    /// How long between two counts of the connections left, in seconds.
    private static let countInterval = 0.5

    mutating func beginClosing() -> [Action] {
        guard !isAborted else { return [] }
        if plan.mode == .graceful, let limit = options.drainWithin {
            addClosing(of: .release, part: .endingDrain) { $0.to == .draining ? nil : $0.to }
            guard !held.isEmpty else { return [] }
            return held.sorted().map { .ask(.connections(entries[$0].step.node)) } + [.wake(.closing, after: limit)]
        }
        if plan.mode == .takeOver, let wait = options.settleAfter {
            addClosing(of: .claim, part: .settling) { $0.to == .adopted ? .owned : $0.to }
            return held.isEmpty ? [] : [.wake(.closing, after: wait)]
        }
        return []
    }

    /// For every planned step of that purpose whose buckets all arrived, a held entry that puts them into a last state.
    private mutating func addClosing(
        of purpose: PlanStep.Purpose, part: Part, to last: (StepRequest.Change) -> BucketState?
    ) {
        let claimed = entries.filter { $0.step.purpose == .claim && $0.part == .planned && $0.state == .done }
            .reduce(BucketSet()) { $0.union($1.buckets) }
        for entry in entries where entry.step.purpose == purpose && entry.part == .planned && entry.state == .done {
            let changes = entry.step.request.changes.filter { claimed.contains($0.bucket) && last($0) != $0.to }.map {
                StepRequest.Change(bucket: $0.bucket, from: $0.to, to: last($0), by: plan.operation)
            }
            guard !changes.isEmpty else { continue }
            var step = entry.step
            step.request.changes = changes
            step.after = []
            held.insert(entries.count)
            entries.append(Entry(step: step, state: .waiting, part: part))
        }
    }

    mutating func toldConnections(_ node: String, _ result: Result<AgentResult, AgentFailure>) -> [Action] {
        guard
            let index = held.sorted().first(where: { entries[$0].step.node == node && entries[$0].part == .endingDrain }
            )
        else {
            return []
        }
        if case .success(.connections(let counts)) = result {
            let buckets = entries[index].buckets
            connectionsLeft[node] = counts.filter { buckets.contains($0.key) && $0.value > 0 }
            if connectionsLeft[node]?.isEmpty == true {
                held.remove(index)
                return advance()
            }
        }
        return [.wake(.ask(.connections(node)), after: Self.countInterval)]
    }

    /// The deadline: lets go of what still drains and drops its connections, or ends adopting.
    mutating func endWaiting() -> [Action] {
        for index in held.sorted() where entries[index].part == .endingDrain {
            var step = entries[index].step
            step.request.changes = step.request.changes.map { .init(bucket: $0.bucket, from: $0.to, to: $0.to) }
            entries.append(Entry(step: step, state: .waiting, part: .dropping, needs: [index]))
        }
        held = []
        return advance()
    }
}
