import ClusterModel

/// Turns wishes into plans; pure.
public struct Planner: Sendable {
    /// The cluster as it was last seen.
    public let snapshot: ClusterSnapshot
    /// The id that the plan's operation will carry.
    public let operation: String

    /// A planner over a snapshot; the operation id must be new.
    public init(snapshot: ClusterSnapshot, operation: String) {
        self.snapshot = snapshot
        self.operation = operation
    }

    /// A plan that gives buckets to another node.
    ///
    /// Buckets that the target answers already are left out.
    ///
    /// - Throws: `PlanError` when any of the buckets cannot safely move.
    public func move(_ buckets: BucketSet, to target: String, mode: MoveMode = .graceful) throws(PlanError) -> Plan {
        try moves(buckets.map { ($0, target) }, title: "move \(buckets) to \(target)", mode: mode)
    }

    /// A plan that gives each bucket to its own target.
    func moves(_ wishes: [(bucket: Int, target: String)], title: String, mode: MoveMode) throws(PlanError) -> Plan {
        for target in Set(wishes.map(\.target)).sorted() { try requireLive(target) }
        try requireEqualSettings()
        var moves: [Move] = []
        for wish in wishes {
            if let move = try move(wish.bucket, to: wish.target) { moves.append(move) }
        }
        guard !moves.isEmpty else { throw .nothingToDo(wishes.first?.target ?? "the cluster") }
        return Plan(
            title: title, address: snapshot.configuration.address, operation: operation, mode: mode, moves: moves,
            risks: risks(of: moves, mode: mode),
            before: Dictionary(
                snapshot.nodes.map { ($0.name, $0.ownership) }, uniquingKeysWith: { first, _ in first }))
    }

    private func move(_ bucket: Int, to target: String) throws(PlanError) -> Move? {
        let total = snapshot.configuration.totalNodes
        guard bucket >= 1, bucket <= total else { throw .unknownBucket(bucket, total: total) }
        let owners = snapshot.nodes.filter { $0.ownership.answering.contains(bucket) }
        guard owners.count <= 1 else { throw .conflict(bucket, owners: owners.map(\.name)) }
        guard let owner = owners.first else {
            let silent = snapshot.nodes.filter { $0.state != .live }.map(\.name)
            guard silent.isEmpty else { throw .orphanUnconfirmed(bucket, silent: silent) }
            return Move(bucket: bucket, from: nil, to: target)
        }
        guard owner.name != target else { return nil }
        try requireLive(owner.name)
        return Move(bucket: bucket, from: owner.name, to: target)
    }

    private func requireLive(_ name: String) throws(PlanError) {
        guard let index = snapshot.index(ofNode: name) else {
            throw .unknownNode(name, known: snapshot.nodes.map(\.name))
        }
        guard snapshot.nodes[index].state == .live else { throw .nodeNotLive(name, snapshot.nodes[index].state) }
    }

    private func requireEqualSettings() throws(PlanError) {
        let placement = snapshot.configuration.placement
        for node in snapshot.nodes {
            guard let configuration = node.sample?.configuration, configuration.placement != placement else { continue }
            throw .settingsDiffer(
                "\(node.name) places flows by \(configuration.placementText), most nodes by "
                    + snapshot.configuration.placementText)
        }
    }

    private func risks(of moves: [Move], mode: MoveMode) -> [Risk] {
        var risks: [Risk] = []
        for name in Set(moves.map(\.to)).sorted() {
            guard let node = snapshot.nodes.first(where: { $0.name == name }), let health = node.sample?.health,
                !health.isGood
            else { continue }
            risks.append(
                Risk(
                    name: "unhealthy-target", text: "\(name) may not answer: \(health.complaint ?? "unknown")",
                    mustBeForced: true))
        }
        if mode == .immediate {
            risks.append(
                Risk(name: "connections-reset", text: "connections of these buckets are forgotten and will be reset"))
        }
        return risks
    }
}
