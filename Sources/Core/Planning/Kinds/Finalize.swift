import ClusterModel

extension Planner {
    /// What ends draining and adopting, on one node or on every live one; nothing moves.
    ///
    /// A bucket that no other node is seen to answer drains on: who released it may still want to claim it.
    func finalize(_ name: String?, _ request: PlanRequest) throws(PlanError) -> Plan {
        if let name { try requireLive(index(of: name)) }
        var ended: [String: Ownership] = [:]
        for index in takers where name == nil || snapshot.nodes[index].name == name {
            let ownership = snapshot.nodes[index].ownership
            let left = Ownership(
                draining: BucketSet(ownership.draining.filter { hasOtherOwner($0, index) }), adopted: ownership.adopted)
            if left != Ownership() { ended[snapshot.nodes[index].name] = left }
        }
        guard !ended.isEmpty else { throw .nothingToDo(.nothingToFinalize(node: name)) }
        return plan(.finalization(ended), for: .requested(request))
    }

    /// Adopts those of a node's own buckets, or of every node's, in which connections are lost; that ends by itself when the
    /// plan is told how long.
    ///
    /// Buckets of which another node keeps connections are left alone: those would be reset.
    func adopt(_ name: String?, _ request: PlanRequest) throws(PlanError) -> Plan {
        var adopting: [String: Ownership] = [:]
        let nodes = if let name { [try taker(name)] } else { takers }
        for index in nodes {
            let lost = BucketSet(snapshot.lostSegments(of: snapshot.nodes[index]).keys)
            if !lost.isEmpty { adopting[snapshot.nodes[index].name] = Ownership(owned: lost) }
        }
        guard !adopting.isEmpty else { throw .nothingToDo(.nothingLost(node: name)) }
        var plan = plan(.finalization(adopting), for: .requested(request))
        plan.risks.append(.unknownConnections)
        return plan
    }

    private func hasOtherOwner(_ bucket: Int, _ index: Int) -> Bool {
        guard bucket <= snapshot.configuration.bucketCount else { return false }
        return snapshot.coverage.owner(of: bucket).map { $0 != index } ?? false
    }
}

/// The steps of a plan that moves nothing, but ends draining and adopting, or begins to adopt what a node owns.
struct FinalizationSteps {
    let plan: Plan

    init(_ plan: Plan) { self.plan = plan }

    /// One step for each node's draining buckets, one for its adopted ones.
    var all: [PlanStep] {
        (plan.finalization ?? [:]).sorted { $0.key < $1.key }.flatMap { node, ownership in
            [
                step(.endDrain(node), ownership.draining, from: .draining, to: nil),
                step(.finalize(node), ownership.adopted, from: .adopted, to: .owned),
                step(.adopt(node, from: node), ownership.owned, from: .owned, to: .adopted),
            ].compactMap { $0 }
        }
    }

    private func step(_ id: StepID, _ buckets: BucketSet, from: BucketState, to: BucketState?) -> PlanStep? {
        guard !buckets.isEmpty else { return nil }
        let changes = buckets.map { StepRequest.Change(bucket: $0, from: from, to: to) }
        return PlanStep(id, .change(plan.request(changes)))
    }
}
