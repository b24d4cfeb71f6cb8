import ClusterModel

extension Planner {
    /// Orphans get an owner, and of several owners all but one release.
    ///
    /// An orphan goes back to a node that still drains it and so keeps its connections, otherwise to the node that has
    /// the least. A living node that answers everybody, since it lost its table, is silenced first. A bucket in conflict stays with the live owner that has the least. A dead node's buckets are left to
    /// `takeOver`.
    func repair(_ request: PlanRequest) throws(PlanError) -> Plan {
        try requireEqualSettings()
        let conflicts = try conflictMoves()
        let orphans = snapshot.coverage.orphans.filter { silent.owner(of: $0) == nil }
        let claims = try claims(of: orphans)
        guard !(conflicts + claims).isEmpty || !silencing.isEmpty else {
            try requireMovableOwners()
            throw .nothingToDo(snapshot.coverage.orphans.isEmpty ? .nothingToRepair : .ownersOutOfReach)
        }
        let risks = claims.isEmpty ? [] : silentRisk
        let moves = (conflicts + claims).sorted { $0.bucket < $1.bucket }
        guard !moves.isEmpty else { return plan(silencing, for: request) }
        return plan(moves, for: request, risks: risks)
    }

    private func conflictMoves() throws(PlanError) -> [Move] {
        var loads = held.map(\.count)
        var moves: [Move] = []
        for bucket in snapshot.coverage.conflicts {
            let owners = owners(of: bucket)
            // It stays with who cannot give it up; two of those their own program must tell apart.
            let order = owners.sorted { left, right in
                if isMovable(left) != isMovable(right) { return isMovable(right) }
                let (a, b) = (snapshot.nodes[left].state == .live, snapshot.nodes[right].state == .live)
                return a == b ? (loads[left], left) < (loads[right], right) : a
            }
            guard let winner = order.first else { continue }
            loads[winner] += owners[0] == winner ? 0 : 1
            loads[owners[0]] -= owners[0] == winner ? 0 : 1
            for loser in order.dropFirst() where isMovable(loser) {
                try requireLive(loser)
                moves.append(
                    Move(bucket: bucket, from: snapshot.nodes[loser].name, to: snapshot.nodes[winner].name))
            }
        }
        return moves
    }

    /// Whether a node's buckets can be moved, as far as is known.
    private func isMovable(_ index: Int) -> Bool { snapshot.nodes[index].sample?.capabilities.can(.moving) != false }

    /// Refuses to repair what only the program can that wrote a node's rules.
    private func requireMovableOwners() throws(PlanError) {
        for bucket in snapshot.coverage.conflicts {
            guard let owner = owners(of: bucket).first(where: { !isMovable($0) }),
                let sample = snapshot.nodes[owner].sample
            else { continue }
            throw .driverCannot(node: snapshot.nodes[owner].name, driver: sample.driver, .ability(.moving))
        }
    }

    private func claims(of orphans: [Int]) throws(PlanError) -> [Move] {
        guard !orphans.isEmpty else { return [] }
        let takers = servingTakers
        guard !takers.isEmpty else { throw .noTaker }
        let back = drained(by: takers).intersection(BucketSet(orphans))
        var claims: [(bucket: Int, target: Int)] = back.compactMap { bucket in
            takers.first { snapshot.nodes[$0].ownership.draining.contains(bucket) }.map { (bucket, $0) }
        }
        let held = held
        let loads = takers.map { node in held[node].count + claims.count { $0.target == node } }
        let rest = orphans.filter { !back.contains($0) }
        claims += handOut(rest, shares: Shares.fill(rest.count, loads: loads), nodes: takers)
        return claims.map { Move(bucket: $0.bucket, from: nil, to: snapshot.nodes[$0.target].name) }
    }

    /// Nodes that cannot be asked may own what nobody is seen to own.
    var silentRisk: [Risk] {
        let names = silentNames
        return names.isEmpty ? [] : [.silentNodes(names)]
    }
}
