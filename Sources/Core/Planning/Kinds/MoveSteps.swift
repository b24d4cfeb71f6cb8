import ClusterModel

/// The steps of a plan that moves buckets: guards, releases, and claims that each wait for what they depend on.
struct MoveSteps {
    let plan: Plan

    init(_ plan: Plan) { self.plan = plan }

    /// All steps, in the order in which they can be made.
    var all: [PlanStep] {
        var (releases, claims) = (releases, claims)
        let (guards, drops) = (guards(of: claims), drops(of: releases))
        for index in releases.indices {
            let id = releases[index].id
            releases[index].needs = needed(guards, for: claims.filter { $0.needs.contains(id) })
        }
        for index in claims.indices {
            claims[index].waits = drops.filter { claims[index].needs.contains(.release($0.node)) }.map(\.id)
            claims[index].needs += needed(guards, for: [claims[index]])
        }
        return guards + releases + drops + claims
    }

    /// Ownership of each node when the releases and the claims were made.
    var after: [String: Ownership] {
        (releases + claims).reduce(into: plan.before) { nodes, step in
            for change in step.changes { nodes[step.node, default: Ownership()].set(change.bucket, to: change.to) }
        }
    }

    /// For every old owner its release.
    var releases: [PlanStep] {
        Dictionary(grouping: plan.moves.filter { $0.from != nil }) { $0.from ?? "" }.sorted { $0.key < $1.key }
            .map { node, moves in
                let held = plan.before[node] ?? Ownership()
                let target: BucketState? = keepsConnections(node) ? .draining : nil
                return PlanStep(
                    .release(node),
                    request(
                        moves.map {
                            StepRequest.Change(bucket: $0.bucket, from: held.state(of: $0.bucket), to: target)
                        }))
            }
    }

    /// For every new owner a claim of what each old owner releases; it expects the plan's own guard.
    var claims: [PlanStep] {
        Dictionary(grouping: plan.moves) { StepID.claim($0.to, from: $0.from) }
            .sorted { ($0.key.node, $0.key.peer ?? "") < ($1.key.node, $1.key.peer ?? "") }
            .compactMap { id, moves in
                let held = plan.before[id.node] ?? Ownership()
                let changes = moves.compactMap { move -> StepRequest.Change? in
                    let found = held.state(of: move.bucket)
                    guard found?.acceptsNewFlows != true else { return nil }
                    return StepRequest.Change(
                        bucket: move.bucket, from: found, to: claimed(move),
                        by: OperationMark(plan.operation, .guard).text)
                }
                guard !changes.isEmpty else { return nil }
                return PlanStep(id, request(changes), needs: id.peer.map { [.release($0)] } ?? [])
            }
    }

    /// The state in which a new owner claims: where no connection is kept, it adopts and resets what it does not know, so
    /// that clients connect again at once.
    ///
    /// A third live node that still drains the bucket keeps connections that are not to be reset: then the bucket is owned.
    private func claimed(_ move: Move) -> BucketState {
        let areKept = move.from.map(keepsConnections) ?? (plan.mode == .graceful)
        return areKept || plan.isDrained(move.bucket, besides: [move.to]) || plan.mustDoWithout(.adopting, on: move.to)
            ? .owned : .adopted
    }

    /// Whether an old owner keeps the connections of what it releases.
    private func keepsConnections(_ node: String) -> Bool {
        plan.mode == .graceful && !plan.mustDoWithout(.draining, on: node)
    }

    // MARK: Guards

    /// Before anything is released, each new owner writes the plan's mark beside what it will claim, and the claim expects
    /// it there: so it can be carried out once and never again, and whoever looks later sees whether it was.
    ///
    /// A bucket that nobody released for this plan may have been released for another, whose claim is still on its way:
    /// there every other node writes the mark too, and so confirms that it does not answer. The dead owner of a take-over, the
    /// only one seen to answer, cannot be asked: the operator's word stands for it.
    private func guards(of claims: [PlanStep]) -> [PlanStep] {
        var guarded: [String: [Int]] = [:]
        for claim in claims { guarded[claim.node, default: []] += claim.changes.map(\.bucket) }
        let vouchedFor = plan.vouchedFor
        for move in plan.moves where move.from == nil || plan.mode == .takeOver {
            let owners = plan.before.filter { $0.value.state(of: move.bucket)?.acceptsNewFlows == true }.keys
            let dead = plan.mode == .takeOver && owners.count == 1 ? vouchedFor.union(owners) : vouchedFor
            // No late claim of ours can be carried out where nothing can be written.
            for node in plan.before.keys
            where node != move.to && !dead.contains(node) && !plan.mustDoWithout(.marks, on: node) {
                guarded[node, default: []].append(move.bucket)
            }
        }
        return guarded.sorted { $0.key < $1.key }.map { guarding($0.value.sorted(), on: $0.key) }
    }

    private func guarding(_ buckets: [Int], on node: String) -> PlanStep {
        let changes = buckets.map { bucket in
            let state = plan.before[node]?.state(of: bucket) == .draining ? BucketState.draining : nil
            return StepRequest.Change(bucket: bucket, from: state, to: state)
        }
        return PlanStep(.guard(node), request(changes, .guard))
    }

    /// The guards of the buckets of claims: these need them, and what they need released needs them too.
    private func needed(_ guards: [PlanStep], for claims: [PlanStep]) -> [StepID] {
        let buckets = claims.reduce(BucketSet()) { $0.union($1.buckets) }
        return guards.filter { !$0.buckets.intersection(buckets).isEmpty }.map(\.id)
    }

    // MARK: Connections

    /// After the releases of an immediate plan, before its claims: the old owners forget the buckets' connections.
    private func drops(of releases: [PlanStep]) -> [PlanStep] {
        guard plan.mode == .immediate else { return [] }
        return releases.map { PlanStep(.drop($0.node), .dropConnections(plan.address, $0.buckets), needs: [$0.id]) }
    }

    private func request(_ changes: [StepRequest.Change], _ role: OperationMark.Role = .step) -> StepAction {
        .change(plan.request(changes, as: role))
    }
}
