import ClusterModel
import Responsibility

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
        let plan = try worked(out: request)
        try requireAble(plan)
        return plan
    }

    private func worked(out request: PlanRequest) throws(PlanError) -> Plan {
        switch request {
        case .move(let buckets, let target, .takeOver): try takeOver(buckets, to: target, request)
        case .move(let buckets, let target, _): try move(buckets, to: target, request)
        case .drain(let node, _): try drain(node, request)
        case .restore(let node, _): try restore(node, request)
        case .takeOver(let node, let target): try takeOver(node, to: target, request)
        case .repair: try repair(request)
        case .rebalance(let measure, _): try rebalance(measure, request)
        case .finalize(let node): try finalize(node, request)
        case .adopt(let node): try adopt(node, request)
        case .install(let settings, let own, let driver): try install(settings, own: own, driver: driver, request)
        case .join(let node, let interface): try join(node, interface: interface, request)
        case .reinstall(let node, let interface): try reinstall(node, interface: interface, request)
        case .leave(let node): try leave(node, request)
        case .end: try end(request)
        case .resize(let total): try resize(total, request)
        }
    }

    private func move(_ buckets: BucketSet, to target: String, _ request: PlanRequest) throws(PlanError) -> Plan {
        let index = try taker(target)
        return try plan(
            moves(buckets.map { ($0, index) }, else: .answered(by: target)), for: request)
    }

    /// Moves of buckets from where they are to the nodes at these indices, which must be takers.
    func moves(_ assignments: [(bucket: Int, target: Int)], else nothing: PlanError.NothingToDo) throws(PlanError)
        -> [Move]
    {
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
        guard !moves.isEmpty else { throw .nothingToDo(nothing) }
        return moves
    }

    /// The plan of these moves.
    func plan(_ moves: [Move], for request: PlanRequest, risks: [Risk] = [], balance: Balance? = nil) -> Plan {
        plan(moves, request.mode, for: .requested(request), risks: risks, balance: balance)
    }

    /// The plan of these moves in a mode.
    ///
    /// Before what nobody owns is claimed, living nodes that answer everybody are silenced.
    func plan(
        _ moves: [Move], _ mode: MoveMode, for kind: PlanKind, risks: [Risk] = [], balance: Balance? = nil
    ) -> Plan {
        let silencing = moves.contains { $0.from == nil } ? silencing : [:]
        return plan(silencing, then: moves, mode, for: kind, risks: risks, balance: balance)
    }

    /// The plan of these changes of membership, and of moves behind them.
    func plan(
        _ changes: [String: MembershipChange], then moves: [Move], _ mode: MoveMode = .graceful, for kind: PlanKind,
        risks: [Risk] = [], balance: Balance? = nil
    ) -> Plan {
        var plan = plan(changes.isEmpty ? .moves(moves, mode) : .membership(changes, then: moves, mode), for: kind)
        plan.impact = impact(of: moves)
        plan.balance = balance
        plan.risks = risks + driverRisks(of: plan)
        plan.risks += self.risks(of: plan)
        return plan
    }

    /// The plan of this work.
    func plan(_ work: PlanWork, for kind: PlanKind) -> Plan {
        let absent = Set(
            snapshot.nodes.filter { $0.state == .live && $0.sample == nil && !$0.isBare }.map(\.name))
        var plan = Plan(
            kind, work, reason: reason, address: snapshot.configuration.address, operation: operation,
            before: Dictionary(
                snapshot.nodes.map { ($0.name, $0.ownership) }, uniquingKeysWith: { first, _ in first }))
        plan.roster = roster(of: plan)
        plan.bucketCount = snapshot.configuration.bucketCount
        plan.absent = absent.subtracting(plan.membership.keys)
        for name in plan.absent { plan.before[name] = nil }
        for (name, change) in plan.membership where change.isEmptying && !change.isEnd {
            plan.before[name] = Ownership()
        }
        return plan
    }
}

/// What the planner asks of the snapshot.
extension Planner {
    /// Indices of the nodes that can take buckets: live, carrying the cluster address, and each a machine of its own.
    var takers: [Int] {
        snapshot.nodes.indices.filter {
            let node = snapshot.nodes[$0]
            return node.state == .live && node.sample?.capabilities.can(.moving) == true
                && snapshot.twin(of: node) == nil
        }
    }

    /// Indices of the takers that serve the clients that they have, as far as is known; all takers when none does.
    ///
    /// A plan that may choose gives buckets to these alone.
    var servingTakers: [Int] {
        let serving = takers.filter { snapshot.nodes[$0].canServe && snapshot.nodes[$0].sample?.health.isGood == true }
        return serving.isEmpty ? takers : serving
    }

    /// Names of the nodes that cannot be asked now.
    ///
    /// A member that the nodes' kernels list and the cluster file does not is one of them.
    var silentNames: [String] { snapshot.nodes.filter { $0.state != .live }.map(\.name) + snapshot.unknownMembers }

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
        if let twin = snapshot.twin(of: node) { throw .sameMachine(node.name, as: twin) }
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
    func requireEqualSettings(besides exempt: Int? = nil) throws(PlanError) {
        let scheme = snapshot.configuration.scheme
        for (index, node) in snapshot.nodes.enumerated() where node.state != .unreachable && index != exempt {
            guard let configuration = node.sample?.configuration,
                !configuration.scheme.placesAlike(scheme, family: configuration.address.family)
            else { continue }
            throw .settingsDiffer(node: node.name, its: configuration, most: snapshot.configuration)
        }
    }
}
