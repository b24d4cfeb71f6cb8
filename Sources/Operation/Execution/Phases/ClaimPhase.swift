import ClusterModel
import Planning

/// New owners claim what was released; what surely cannot be claimed goes back to who released it.
struct ClaimPhase {
    private let plan: Plan
    /// Buckets that a node was found to answer when it refused its claim, by another operation.
    private var taken: [StepID: BucketSet] = [:]

    init(_ plan: Plan) { self.plan = plan }

    /// Takes why a claim was refused.
    mutating func take(_ mismatches: [StepOutcome.Mismatch], of claim: StepID) {
        taken[claim] = BucketSet(mismatches.filter { $0.found?.acceptsNewFlows == true }.map(\.bucket))
    }

    /// The steps that give back what was released and surely could not be claimed; none that is there already.
    ///
    /// What the claimant answers by another operation stays: its old owner would be the second. A claim that may have been
    /// carried out gives nothing back.
    func givingBack(_ steps: StepTable) -> [PlanStep] {
        steps.ids(of: .claim, where: isSurelyUnclaimed).compactMap { id in
            guard let owner = id.peer, steps.progress(of: .release(owner)) == .done,
                steps.progress(of: .giveBack(owner, from: id.node)) == nil, let claim = steps[id],
                let release = steps[.release(owner)]
            else { return nil }
            let buckets = claim.buckets.subtracting(taken[claim.id] ?? [])
            return buckets.isEmpty ? nil : givingBack(buckets, release.step, from: claim.node)
        }
    }

    private func isSurelyUnclaimed(_ progress: StepProgress) -> Bool {
        switch progress {
        case .refused, .skipped: true
        case .waiting, .running, .done, .unknown: false
        }
    }

    private func givingBack(_ buckets: BucketSet, _ release: PlanStep, from claimant: String) -> PlanStep {
        let changes = release.changes.filter { buckets.contains($0.bucket) }.map {
            StepRequest.Change(bucket: $0.bucket, from: $0.to, to: $0.from, by: plan.operation)
        }
        return PlanStep(
            .giveBack(release.node, from: claimant), .change(plan.request(changes, as: .giveBack)))
    }

    /// Whether buckets may be without an owner: a release was sent, and its claim is not over.
    static func isPressed(_ steps: StepTable) -> Bool {
        steps.ids(of: .claim) { !$0.isOver }.contains { claim in
            claim.peer.flatMap { steps.progress(of: .release($0)) }.map { $0 != .waiting } == true
        }
    }
}
