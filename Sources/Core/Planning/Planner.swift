import ClusterModel

/// Turns requests into plans; pure.
public struct Planner: Sendable {
    /// The cluster as it was last seen.
    public let snapshot: ClusterSnapshot
    /// The id that the plan's operation will carry.
    public let operation: String
    /// The operator's reason, which the plan will carry.
    public let reason: String?
    /// Live connections by node and bucket, as far as they were counted.
    public let connections: [String: [Int: Int]]
    /// What the nodes out of reach owned when they were last heard.
    let silent: Coverage

    /// A planner over a snapshot; the operation id must be new.
    public init(
        snapshot: ClusterSnapshot, operation: String, reason: String? = nil, connections: [String: [Int: Int]] = [:]
    ) {
        self.snapshot = snapshot
        self.operation = operation
        self.reason = reason
        self.connections = connections
        silent = Coverage(
            bucketCount: snapshot.configuration.bucketCount,
            ownerships: snapshot.nodes.map { $0.state == .unreachable ? $0.ownership : Ownership() })
    }

    /// The plan that fulfils a request.
    ///
    /// - Throws: `PlanError` when it cannot be done safely, or is so already.
    public func plan(_ request: PlanRequest) throws(PlanError) -> Plan {
        switch request {
        case .move(let buckets, let target, .takeOver): try takeOver(buckets, to: target, request)
        case .move(let buckets, let target, _): try move(buckets, to: target, request)
        case .drain(let node, _): try drain(node, request)
        case .restore(let node, _): try restore(node, request)
        case .takeOver(let node, let target): try takeOver(node, to: target, request)
        case .repair: try repair(request)
        case .rebalance(let measure, _): try rebalance(measure, request)
        case .settle(let node): try settle(node, request)
        case .undo(let plan): try inverse(of: plan)
        case .finish(let plan):
            throw .nothingToMove("what completes \(plan.title) is worked out from what the kernels hold")
        }
    }

    /// A plan that gives buckets to another node; what the target answers already is left out.
    ///
    /// - Throws: `PlanError` when any of the buckets cannot safely move.
    public func move(_ buckets: BucketSet, to target: String, mode: MoveMode = .graceful) throws(PlanError) -> Plan {
        try plan(.move(buckets, to: target, mode: mode))
    }

    private func move(_ buckets: BucketSet, to target: String, _ request: PlanRequest) throws(PlanError) -> Plan {
        let index = try taker(target)
        return try plan(moves(buckets.map { ($0, index) }, else: .nothingToDo(target)), for: request)
    }

    /// Moves of buckets from where they are to the nodes at these indices, which must be takers.
    func moves(_ assignments: [(bucket: Int, target: Int)], else nothing: PlanError) throws(PlanError) -> [Move] {
        try requireEqualSettings()
        var moves: [Move] = []
        for assignment in assignments {
            let owner = try owner(of: assignment.bucket)
            guard owner != assignment.target else { continue }
            if let owner { try requireLive(owner) }
            moves.append(
                Move(
                    bucket: assignment.bucket, from: owner.map { snapshot.nodes[$0].name },
                    to: snapshot.nodes[assignment.target].name))
        }
        guard !moves.isEmpty else { throw nothing }
        return moves
    }

    /// The plan of these moves.
    func plan(_ moves: [Move], for request: PlanRequest, risks: [Risk] = [], balance: Balance? = nil) -> Plan {
        var plan = Plan(
            title: request.title, reason: reason, address: snapshot.configuration.address, operation: operation,
            mode: request.mode, moves: moves, risks: [],
            before: Dictionary(
                snapshot.nodes.map { ($0.name, $0.ownership) }, uniquingKeysWith: { first, _ in first }),
            impact: impact(of: moves), balance: balance)
        plan.risks = risks + self.risks(of: plan)
        return plan
    }
}
