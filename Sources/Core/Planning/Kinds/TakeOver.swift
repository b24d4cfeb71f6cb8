import ClusterModel

extension Planner {
    /// A dead node's buckets on live ones: claims alone, since nobody is there to release.
    ///
    /// When the node was never heard, its buckets are those that no node answers and no other silent node is known for.
    func takeOver(_ name: String, to target: String?, _ request: PlanRequest) throws(PlanError) -> Plan {
        let dead = try index(of: name)
        guard snapshot.nodes[dead].state != .live else { throw .nodeLive(name) }
        try requireEqualSettings()
        let nodes = if let target { [try taker(target)] } else { servingTakers }
        guard !nodes.isEmpty else { throw .noTaker }
        let buckets = unserved(without: dead)
        guard !buckets.isEmpty else {
            throw .nothingToDo(.nothingToTakeOver(node: name))
        }
        let held = held
        let shares = Shares.fill(buckets.count, loads: nodes.map { $0 == dead ? 0 : held[$0].count })
        let moves = handOut(buckets, shares: shares, nodes: nodes).map {
            Move(bucket: $0.bucket, from: nil, to: snapshot.nodes[$0.target].name)
        }
        return plan(moves, for: request, risks: [notFenced(dead)] + strangers(besides: dead) + [.unknownConnections])
    }

    /// Chosen buckets of dead nodes on a live one.
    func takeOver(_ buckets: BucketSet, to target: String, _ request: PlanRequest) throws(PlanError) -> Plan {
        let index = try taker(target)
        try requireEqualSettings()
        var dead: Set<Int> = []
        var moves: [Move] = []
        for bucket in buckets {
            let heard = try ownerOrSilent(of: bucket)
            guard heard != index else { continue }
            if let heard {
                guard snapshot.nodes[heard].state != .live else { throw .nodeLive(snapshot.nodes[heard].name) }
                dead.insert(heard)
            }
            moves.append(Move(bucket: bucket, from: nil, to: target))
        }
        guard !moves.isEmpty else { throw .nothingToDo(.answered(by: target)) }
        return plan(
            moves, for: request, risks: dead.sorted().map(notFenced) + strangers(besides: nil) + [.unknownConnections])
    }

    private func ownerOrSilent(of bucket: Int) throws(PlanError) -> Int? {
        let total = snapshot.configuration.bucketCount
        guard bucket >= 1, bucket <= total else { throw .unknownBucket(bucket, total: total) }
        try requireNoConflict(bucket)
        return snapshot.coverage.owner(of: bucket) ?? silent.owner(of: bucket)
    }

    private func unserved(without dead: Int) -> [Int] {
        let coverage = snapshot.coverage
        if snapshot.nodes[dead].sample != nil {
            return snapshot.nodes[dead].ownership.accepting.filter { bucket in
                guard bucket <= snapshot.configuration.bucketCount else { return false }
                let owner = coverage.owner(of: bucket)
                return owner == nil || (owner == dead && !coverage.conflicts.contains(bucket))
            }
        }
        return coverage.orphans.filter { silent.owner(of: $0) == nil }
    }

    private func notFenced(_ dead: Int) -> Risk {
        .notFenced(node: snapshot.nodes[dead].name, snapshot.nodes[dead].state)
    }

    /// Nodes of which nothing is known and which may answer what nobody is seen to answer.
    func strangers(besides dead: Int?) -> [Risk] {
        let names =
            snapshot.nodes.indices.filter {
                $0 != dead && snapshot.nodes[$0].state != .live && snapshot.nodes[$0].sample == nil
            }.map { snapshot.nodes[$0].name } + snapshot.unknownMembers
        return names.isEmpty ? [] : [.silentNodes(names)]
    }
}
