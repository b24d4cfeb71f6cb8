import AgentProtocol
import ClusterModel
import Planning

/// What follows when every bucket is where it should be: the end of draining, and the end of adopting.
struct ClosePhase {
    /// How long between two counts of the connections left, in seconds.
    private static let countInterval = 0.5
    /// How long connections are waited for by a plan that only closes, when it was not told: enough for one answer.
    private static let shortestWait = 1.0

    private enum Stage { case none, draining, finalizing }

    private let plan: Plan
    private let options: PlanExecution.Options
    private var stage = Stage.none
    /// Steps that are not to be sent before a wait ends.
    private(set) var held: Set<StepID> = []
    /// What is waited for now; nil while steps are carried out.
    private(set) var wait: PlanWait?
    /// While buckets drain: live connections left, by node and bucket.
    private(set) var connectionsLeft: [String: [Int: Int]] = [:]

    init(_ plan: Plan, _ options: PlanExecution.Options) {
        self.plan = plan
        self.options = options
    }

    /// Whether the plan only closes, and has not begun to.
    var isToBegin: Bool { stage == .none && plan.finalization != nil }

    /// Begins a plan that only closes: what is adopted becomes owned at once, what drains is waited for.
    mutating func begin(_ steps: StepTable) -> [PlanExecution.Action] {
        stage = .draining
        held = Set(steps.filter { $0.role == .endDrain && $0.progress == .waiting }.map(\.id))
        return held.isEmpty ? [] : waitForConnections(options.drainWithin ?? Self.shortestWait, steps)
    }

    /// Begins the next stage that has something to do; nothing when all is closed.
    mutating func next(_ steps: inout StepTable, isStopped: Bool) -> [PlanExecution.Action] {
        wait = nil
        guard !isStopped else { return [] }
        if stage == .none {
            stage = .draining
            if plan.mode == .graceful, let limit = options.drainWithin {
                hold(drainEnds(steps), in: &steps)
                if !held.isEmpty { return waitForConnections(limit, steps) }
            }
        }
        if stage == .draining {
            stage = .finalizing
            guard let seconds = options.finalizeAfter else { return [] }
            hold(finalizations(steps), in: &steps)
            if held.isEmpty { return [] }
            wait = .finalizing(seconds)
            return [.wake(.closing(.finalizing(seconds)), after: seconds)]
        }
        return []
    }

    /// Holds nothing any more; those steps are never sent.
    mutating func stop(_ steps: inout StepTable) {
        for id in held { steps.set(id, .skipped(.waitEnded)) }
        held = []
    }

    private mutating func waitForConnections(_ seconds: Double, _ steps: StepTable) -> [PlanExecution.Action] {
        wait = .connections(seconds)
        return steps.filter { held.contains($0.id) }.map { .ask(.connections($0.node)) } + [
            .wake(.closing(.connections(seconds)), after: seconds)
        ]
    }

    private mutating func hold(_ new: [PlanStep], in steps: inout StepTable) {
        for step in new {
            held.insert(step.id)
            steps.append(step)
        }
    }

    /// What ends the draining of buckets that were released and claimed.
    private func drainEnds(_ steps: StepTable) -> [PlanStep] {
        let claimed = Self.claimed(steps)
        return steps.filter { $0.role == .release && $0.progress == .done }.compactMap { release in
            step(.endDrain(release.node), after: release, from: .draining, to: nil) { claimed.contains($0) }
        }
    }

    /// What ends the resetting of unknown connections where this execution began it.
    private func finalizations(_ steps: StepTable) -> [PlanStep] {
        steps.filter { ($0.role == .claim || $0.role == .adopt) && $0.progress == .done }.compactMap { claim in
            step(
                .finalize(claim.node, from: claim.id.peer), after: claim, from: .adopted, to: .owned,
                mark: .finalize)
        }
    }

    private static func claimed(_ steps: StepTable) -> BucketSet {
        steps.filter { $0.role == .claim && $0.progress == .done }.reduce(BucketSet()) { $0.union($1.buckets) }
    }

    /// A step that takes buckets on from the state into which an earlier one has put them; nil when there are none.
    private func step(
        _ id: StepID, after earlier: StepStatus, from: BucketState, to: BucketState?, mark: OperationMark.Role = .step,
        where isMeant: (Int) -> Bool = { _ in true }
    ) -> PlanStep? {
        guard case .change(let request) = earlier.step.action else { return nil }
        let changes = request.changes.filter { $0.to == from && isMeant($0.bucket) }.map {
            StepRequest.Change(bucket: $0.bucket, from: from, to: to, by: request.operation)
        }
        return changes.isEmpty ? nil : PlanStep(id, self.request(changes, mark: mark))
    }

    private func request(_ changes: [StepRequest.Change], mark: OperationMark.Role = .step) -> StepAction {
        .change(plan.request(changes, as: mark))
    }
}

/// Counting the connections that are left, and the end of the wait for them.
extension ClosePhase {
    /// Takes how many connections a node keeps; nil when it keeps none and its draining is to end now.
    mutating func take(
        _ result: Result<AgentResult, AgentFailure>, from node: String, _ steps: StepTable
    ) -> [PlanExecution.Action]? {
        let id = StepID.endDrain(node)
        guard held.contains(id), let buckets = steps[id]?.buckets else { return [] }
        if case .success(.connections(let counts)) = result {
            let left = counts.filter { buckets.contains($0.key) && $0.value > 0 }
            connectionsLeft[node] = left
            if left.isEmpty {
                held.remove(id)
                return nil
            }
        }
        return [.wake(.ask(.connections(node)), after: Self.countInterval)]
    }

    /// The wait is over: what still drains does so on or is reset, and what was adopted becomes owned.
    mutating func endWait(_ steps: inout StepTable, marks: [String: [Int: String]]) {
        for ending in steps where ending.role == .endDrain && held.contains(ending.id) {
            switch options.atDeadline {
            case .keep: keepBusy(ending, &steps)
            case .reset: for step in resets(of: ending, marks) { steps.append(step) }
            }
        }
        held = []
        wait = nil
    }

    /// Ends the draining of buckets without connections; the others drain on.
    private func keepBusy(_ ending: StepStatus, _ steps: inout StepTable) {
        let left = connectionsLeft[ending.node]
        let idle = ending.step.changes.filter { left != nil && left?[$0.bucket] == nil }
        guard !idle.isEmpty else { return steps.set(ending.id, .skipped(.connectionsLeft(count(ending.node)))) }
        let busy = ending.step.changes.filter { left?[$0.bucket] != nil }
        steps.set(ending.id, changes: idle)
        steps.append(
            PlanStep(.endDrain(ending.node, part: 2), request(busy)), .skipped(.connectionsLeft(count(ending.node))))
    }

    private func count(_ node: String) -> Int? { connectionsLeft[node]?.values.saturatedSum }

    /// What still drains is let go, its connections are forgotten, and the new owners reset them.
    private func resets(of ending: StepStatus, _ marks: [String: [Int: String]]) -> [PlanStep] {
        let drop = PlanStep(.drop(ending.node), .dropConnections(plan.address, ending.buckets), needs: [ending.id])
        let owners = Self.owners(of: ending.buckets, in: plan).sorted { $0.key < $1.key }
        return [drop]
            + owners.compactMap { node, buckets in
                // What a third node keeps is not to be reset.
                let changes = buckets.filter { !plan.isDrained($0, besides: [node, ending.node]) }.map { bucket in
                    StepRequest.Change(
                        bucket: bucket, from: .owned, to: .adopted,
                        by: plan.finalization == nil ? plan.operation : marks[node]?[bucket] ?? "")
                }
                guard !changes.isEmpty else { return nil }
                return PlanStep(
                    .adopt(node, from: ending.node), request(changes, mark: .adopt), needs: [ending.id])
            }
    }

    /// The nodes that must be asked for their marks, besides those of the steps, since they may be told to reset.
    static func owners(asideOf plan: Plan, _ options: PlanExecution.Options) -> [String] {
        guard let ended = plan.finalization, options.atDeadline == .reset else { return [] }
        let drained = ended.values.reduce(BucketSet()) { $0.union($1.draining) }
        return Array(owners(of: drained, in: plan).keys)
    }

    /// The nodes that own buckets now and do not reset yet.
    private static func owners(of buckets: BucketSet, in plan: Plan) -> [String: BucketSet] {
        guard plan.finalization == nil else {
            return plan.before.mapValues { $0.owned.subtracting($0.adopted).intersection(buckets) }
                .filter { !$0.value.isEmpty }
        }
        return plan.moves.filter { buckets.contains($0.bucket) }.reduce(into: [:]) {
            $0[$1.to, default: BucketSet()].insert($1.bucket)
        }
    }
}
