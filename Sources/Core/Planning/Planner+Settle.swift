import ClusterModel

extension Planner {
    /// What ends draining and adopting, on one node or on every live one; nothing moves.
    ///
    /// A bucket that no other node is seen to answer drains on: who released it may still want to claim it.
    func settle(_ name: String?, _ request: PlanRequest) throws(PlanError) -> Plan {
        if let name { try requireLive(index(of: name)) }
        var closing: [String: Ownership] = [:]
        for index in takers where name == nil || snapshot.nodes[index].name == name {
            let ownership = snapshot.nodes[index].ownership
            let left = Ownership(
                draining: BucketSet(ownership.draining.filter { hasOtherOwner($0, index) }), adopted: ownership.adopted)
            if left != Ownership() { closing[snapshot.nodes[index].name] = left }
        }
        guard !closing.isEmpty else {
            throw .nothingToMove("\(name ?? "no node") drains or adopts \(name == nil ? "any" : "no") bucket")
        }
        var plan = plan([], for: request)
        plan.closing = closing
        return plan
    }

    private func hasOtherOwner(_ bucket: Int, _ index: Int) -> Bool {
        guard bucket <= snapshot.configuration.bucketCount else { return false }
        return snapshot.coverage.owner(of: bucket).map { $0 != index } ?? false
    }
}
