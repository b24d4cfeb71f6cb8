import AgentProtocol
import ClusterModel
import Planning

/// What follows when every bucket is where it should be: the end of draining, the end of adopting.
extension PlanExecution {
    /// How long between two counts of the connections left, in seconds.
    private static let countInterval = 0.5
    /// How long connections are waited for by a plan that only closes, when it was not told: enough for one answer.
    private static let shortestWait = 1.0

    /// How far the closing has come.
    enum ClosingStage: Int { case none, draining, settling }

    /// The steps of a plan that only closes: one for each node's draining buckets, one for its adopted ones.
    static func closings(of plan: Plan) -> [Entry] {
        (plan.closing ?? [:]).sorted { $0.key < $1.key }.flatMap { node, ownership in
            [
                closing(.endingDrain, on: node, of: ownership.draining, from: .draining, to: nil, plan),
                closing(.settling, on: node, of: ownership.adopted, from: .adopted, to: .owned, plan),
            ].compactMap { $0 }
        }
    }

    private static func closing(
        _ part: Part, on node: String, of buckets: BucketSet, from: BucketState, to: BucketState?, _ plan: Plan
    ) -> Entry? {
        guard !buckets.isEmpty else { return nil }
        let changes = buckets.map { StepRequest.Change(bucket: $0, from: from, to: to) }
        let request = StepRequest(operation: plan.operation, address: plan.address, changes: changes)
        let purpose: PlanStep.Purpose = part == .endingDrain ? .release : .claim
        return Entry(step: PlanStep(node: node, purpose: purpose, request: request), state: .waiting, part: part)
    }

    /// Begins a plan that only closes: what is adopted becomes owned at once, what drains is waited for.
    mutating func beginClosing() -> [Action] {
        closingStage = .draining
        held = Set(entries.indices.filter { entries[$0].part == .endingDrain && entries[$0].state == .waiting })
        let waiting = held.isEmpty ? [] : waitForConnections(options.drainWithin ?? Self.shortestWait)
        return advance() + waiting
    }

    /// Begins the next stage that has something to do; nothing when all is closed.
    mutating func nextClosing() -> [Action] {
        wait = nil
        guard !isAborted else { return [] }
        if closingStage == .none {
            closingStage = .draining
            if plan.mode == .graceful, let limit = options.drainWithin {
                addClosings(of: .release, part: .endingDrain, from: .draining, to: nil)
                if !held.isEmpty { return waitForConnections(limit) }
            }
        }
        if closingStage == .draining {
            closingStage = .settling
            guard let seconds = options.settleAfter else { return [] }
            addClosings(of: .claim, part: .settling, from: .adopted, to: .owned)
            if held.isEmpty { return [] }
            wait = .settling(seconds)
            return [.wake(.closing(.settling(seconds)), after: seconds)]
        }
        return []
    }

    private mutating func waitForConnections(_ seconds: Double) -> [Action] {
        wait = .connections(seconds)
        return held.sorted().map { .ask(.connections(entries[$0].step.node)) } + [
            .wake(.closing(.connections(seconds)), after: seconds)
        ]
    }

    /// For what was done and put buckets into a state, a held entry that puts them into their last one.
    private mutating func addClosings(
        of purpose: PlanStep.Purpose, part: Part, from: BucketState, to: BucketState?
    ) {
        let claimed = entries.filter { $0.step.purpose == .claim && $0.part == .planned && $0.state == .done }
            .reduce(BucketSet()) { $0.union($1.buckets) }
        for entry in entries where entry.step.purpose == purpose && entry.state == .done {
            guard entry.part == .planned || entry.part == .adopting else { continue }
            let changes = entry.step.request.changes.filter {
                $0.to == from && (claimed.contains($0.bucket) || entry.part == .adopting)
            }.map { StepRequest.Change(bucket: $0.bucket, from: from, to: to, by: entry.step.request.operation) }
            guard !changes.isEmpty else { continue }
            held.insert(entries.count)
            let mark = OperationMark(plan.operation, part == .settling ? .settle : .step)
            entries.append(closing(entry.step, part, changes, operation: mark.text))
        }
    }

    private func closing(
        _ model: PlanStep, _ part: Part, _ changes: [StepRequest.Change], needs: [Int] = [], operation: String? = nil
    ) -> Entry {
        var step = model
        step.request.operation = operation ?? plan.operation
        step.request.changes = changes
        step.after = []
        return Entry(step: step, state: .waiting, part: part, needs: needs)
    }

    mutating func answeredConnections(_ node: String, _ result: Result<AgentResult, AgentFailure>) -> [Action] {
        guard let index = held.sorted().first(where: { isDraining($0) && entries[$0].step.node == node }) else {
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

    private func isDraining(_ index: Int) -> Bool { entries[index].part == .endingDrain }

    /// The wait is over: what still drains does so on or is reset, and what was adopted becomes owned.
    mutating func endWaiting() -> [Action] {
        for index in held.sorted() where isDraining(index) {
            switch options.atDeadline {
            case .keep: keepBusy(index)
            case .reset: addReset(index)
            }
        }
        held = []
        wait = nil
        return advance()
    }

    /// Ends the draining of buckets without connections; the others drain on.
    private mutating func keepBusy(_ index: Int) {
        let node = entries[index].step.node
        let changes = entries[index].step.request.changes
        let left = connectionsLeft[node] ?? [:]
        let idle = connectionsLeft[node] == nil ? [] : changes.filter { left[$0.bucket] == nil }
        if !idle.isEmpty {
            let busy = changes.filter { left[$0.bucket] != nil }
            entries.append(closing(entries[index].step, .endingDrain, busy))
            entries[index].step.request.changes = idle
        }
        entries[idle.isEmpty ? index : entries.count - 1].state = .skipped(leftover(node))
    }

    private func leftover(_ node: String) -> String {
        guard let counts = connectionsLeft[node] else { return "it never said how many connections are left" }
        let count = counts.values.saturatedSum
        return count == 1 ? "1 connection is left" : "\(count) connections are left"
    }

    /// What still drains is let go, its connections are forgotten, and the new owners reset them.
    private mutating func addReset(_ index: Int) {
        let ending = entries[index]
        let forgotten = ending.step.request.changes.map {
            StepRequest.Change(bucket: $0.bucket, from: $0.to, to: $0.to)
        }
        entries.append(closing(ending.step, .dropping, forgotten, needs: [index]))
        for (node, buckets) in owners(of: ending.buckets).sorted(by: { $0.key < $1.key }) {
            // What a third node keeps is not to be reset.
            let changes = buckets.filter { !plan.isDrained($0, besides: [node, ending.step.node]) }.map { bucket in
                StepRequest.Change(
                    bucket: bucket, from: .owned, to: .adopted,
                    by: plan.closing == nil ? plan.operation : authors[node]?[bucket] ?? "")
            }
            guard !changes.isEmpty else { continue }
            let model = PlanStep(node: node, purpose: .claim, request: ending.step.request)
            entries.append(
                closing(
                    model, .adopting, changes, needs: [index], operation: OperationMark(plan.operation, .reset).text))
        }
    }

    /// The nodes that own buckets now and do not reset yet.
    func owners(of buckets: BucketSet) -> [String: BucketSet] {
        guard plan.closing == nil else {
            return plan.before.mapValues { $0.owned.subtracting($0.adopted).intersection(buckets) }
                .filter { !$0.value.isEmpty }
        }
        return plan.moves.filter { buckets.contains($0.bucket) }.reduce(into: [:]) {
            $0[$1.to, default: BucketSet()].insert($1.bucket)
        }
    }
}
