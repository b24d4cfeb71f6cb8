import ClusterModel

/// What the planner asks of the snapshot.
extension Planner {
    /// Indices of the nodes that can take buckets: live, and carrying the cluster address.
    var takers: [Int] {
        snapshot.nodes.indices.filter { snapshot.nodes[$0].state == .live && snapshot.nodes[$0].sample != nil }
    }

    /// Names of the nodes that cannot be asked now.
    var silentNames: [String] { snapshot.nodes.filter { $0.state != .live }.map(\.name) }

    /// Index of a node by name.
    func index(of name: String) throws(PlanError) -> Int {
        guard let index = snapshot.index(ofNode: name) else {
            throw .unknownNode(name, known: snapshot.nodes.map(\.name))
        }
        return index
    }

    /// Index of a node that can take buckets.
    func taker(_ name: String) throws(PlanError) -> Int {
        let index = try index(of: name)
        try requireLive(index)
        guard snapshot.nodes[index].sample != nil else { throw .notAMember(name) }
        return index
    }

    /// Refuses a node that is not heard in time.
    func requireLive(_ index: Int) throws(PlanError) {
        let node = snapshot.nodes[index]
        guard node.state == .live else { throw .nodeNotLive(node.name, node.state) }
    }

    /// Index of the node that answers a bucket; nil for an orphan that every node was asked for.
    func owner(of bucket: Int) throws(PlanError) -> Int? {
        let total = snapshot.configuration.bucketCount
        guard bucket >= 1, bucket <= total else { throw .unknownBucket(bucket, total: total) }
        try requireNoConflict(bucket)
        if let owner = snapshot.coverage.owner(of: bucket) { return owner }
        if let owner = silent.owner(of: bucket) {
            throw .nodeNotLive(snapshot.nodes[owner].name, snapshot.nodes[owner].state)
        }
        guard silentNames.isEmpty else { throw .orphanUnconfirmed(bucket, silent: silentNames) }
        return nil
    }

    /// Refuses a bucket that two heard nodes answer.
    func requireNoConflict(_ bucket: Int) throws(PlanError) {
        guard snapshot.coverage.conflicts.contains(bucket) else { return }
        throw .conflict(bucket, owners: owners(of: bucket).map { snapshot.nodes[$0].name })
    }

    /// Indices of all heard nodes that answer a bucket.
    func owners(of bucket: Int) -> [Int] {
        snapshot.nodes.indices.filter {
            snapshot.nodes[$0].state != .unreachable
                && snapshot.nodes[$0].ownership.state(of: bucket)?.acceptsNewFlows == true
        }
    }

    /// The buckets that each node answers, by index, in ascending order; one in conflict is with its first owner.
    var held: [[Int]] {
        var held = [[Int]](repeating: [], count: snapshot.nodes.count)
        for (index, owner) in snapshot.coverage.owners.enumerated() {
            if let owner { held[owner].append(index + 1) }
        }
        return held
    }

    /// Refuses a cluster whose nodes place flows differently.
    func requireEqualSettings() throws(PlanError) {
        let scheme = snapshot.configuration.scheme
        for node in snapshot.nodes where node.state != .unreachable {
            guard let configuration = node.sample?.configuration, configuration.scheme != scheme else { continue }
            throw .settingsDiffer(
                "\(node.name) places flows by \(configuration.schemeText), most nodes by "
                    + snapshot.configuration.schemeText)
        }
    }
}
