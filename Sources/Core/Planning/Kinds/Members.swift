import ClusterModel
import Responsibility

/// Plans that change who is a member of the cluster, and how its members place flows.
extension Planner {
    /// Every node becomes a member.
    ///
    /// In a new cluster the buckets are given out, evenly when none are named; in a living one only those that are named.
    /// What others own is never claimed.
    func install(
        _ wanted: ClusterConfiguration, own: [String: BucketSet], driver: String?, _ request: PlanRequest
    ) throws(PlanError) -> Plan {
        let members = snapshot.nodes.filter { $0.state == .live && $0.sample != nil }
        for member in members { try requireEqual(wanted, to: member) }
        try requireUnowned(own)
        let joining = snapshot.nodes.filter { $0.state == .live && $0.sample == nil }.map(\.name)
        for name in joining { try requireJoinable(index(of: name), wanted, driver) }
        guard !(joining + members.map(\.name)).isEmpty else { throw .noTaker }
        var changes = Dictionary(
            uniqueKeysWithValues: joining.map { ($0, MembershipChange.admit(wanted, driver: driver)) })
        // Whether the group is joined changes no flow's node: members follow.
        for member in members {
            guard let sample = member.sample, sample.configuration.joinsGroup != wanted.joinsGroup else { continue }
            var settings = sample.configuration
            settings.joinsGroup = wanted.joinsGroup
            changes[member.name] = .rebuild(settings, from: sample.configuration, keeping: true)
        }
        var shares = own
        if own.isEmpty, members.isEmpty { shares = Self.evenShares(of: wanted.bucketCount, for: joining) }
        let free = free
        let moves = shares.flatMap { node, buckets in
            buckets.intersection(free).map { Move(bucket: $0, from: nil, to: node) }
        }
        let plan = plan(changes, then: moves, for: request, risks: silentRisk)
        guard !changes.isEmpty || !moves.isEmpty || plan.roster != nil else { throw .nothingToDo(.allMembers) }
        return plan
    }

    /// A node that has no table becomes a member with the settings of the others; it gets what surely nobody owns.
    func join(_ name: String, interface: String?, _ request: PlanRequest) throws(PlanError) -> Plan {
        let index = try index(of: name)
        try requireLive(index)
        guard snapshot.nodes[index].sample == nil else { throw .nothingToDo(.alreadyMember(name)) }
        guard snapshot.nodes.contains(where: { $0.sample != nil }) else { throw .noMember }
        try requireEqualSettings()
        let moves = silentNames.isEmpty ? free.map { Move(bucket: $0, from: nil, to: name) } : []
        let settings = settings(for: index, interface)
        try requireJoinable(index, settings, nil)
        var changes = moves.isEmpty ? [:] : silencing
        changes[name] = .admit(settings)
        return plan(changes, then: moves, for: request)
    }

    /// A node's table is made anew with the settings of most nodes; what it loses by that, or had lost before, and nobody
    /// owns, it claims.
    func reinstall(_ name: String, interface: String?, _ request: PlanRequest) throws(PlanError) -> Plan {
        let index = try index(of: name)
        try requireLive(index)
        try requireEqualSettings(besides: index)
        let settings = settings(for: index, interface)
        let change =
            snapshot.nodes[index].sample.map {
                MembershipChange.rebuild(settings, from: $0.configuration, keeping: canKeep($0, as: settings, name))
            }
            ?? .admit(settings)
        var moves: [Move] = []
        if change.isEmptying {
            let others = snapshot.nodes.filter { $0.name != name }
                .reduce(BucketSet()) { $0.union($1.ownership.accepting) }
            let all = BucketSet(1...settings.bucketCount)
            let had = (snapshot.nodes[index].sample ?? snapshot.nodes[index].lost)?.ownership.accepting ?? all
            moves = had.intersection(all).subtracting(others).map { Move(bucket: $0, from: nil, to: name) }
        }
        // Other nodes without a table answer everybody, and could not confirm that they do not.
        var changes = moves.isEmpty ? [:] : silencing
        changes[name] = change
        return plan(changes, then: moves, for: request, risks: moves.isEmpty ? [] : silentRisk)
    }

    /// A node stops being a member; it must own nothing.
    func leave(_ name: String, _ request: PlanRequest) throws(PlanError) -> Plan {
        let index = try index(of: name)
        try requireLive(index)
        guard let sample = snapshot.nodes[index].sample else { throw .nothingToDo(.noMember(name)) }
        guard sample.ownership.accepting.isEmpty else { throw .stillOwner(name, sample.ownership.accepting) }
        return plan([name: .leave(sample.configuration)], for: request)
    }

    /// The whole cluster ends.
    func end(_ request: PlanRequest) throws(PlanError) -> Plan {
        let members = snapshot.nodes.filter { $0.state == .live }.compactMap { node in
            node.sample.map { (node.name, MembershipChange.end($0.configuration)) }
        }
        guard !members.isEmpty else { throw .nothingToDo(.noMembers) }
        return plan(
            Dictionary(members) { first, _ in first }, for: request, risks: silentRisk)
    }

    /// Every node divides each of its buckets into as many, or unites as many into one: no flow changes its node.
    func resize(_ total: Int, _ request: PlanRequest) throws(PlanError) -> Plan {
        guard (1...BucketSet.maximumBucket).contains(total) else {
            throw .wrongSize(total, now: snapshot.configuration.bucketCount)
        }
        var changes: [String: MembershipChange] = [:]
        for index in snapshot.nodes.indices {
            let node = snapshot.nodes[index]
            guard let sample = node.sample else {
                guard node.state == .live else { throw .nodeNotLive(node.name, node.state) }
                continue
            }
            try requireLive(index)
            var settings = sample.configuration
            guard let scheme = settings.scheme.resized(to: total) else {
                throw .wrongSize(total, now: settings.bucketCount)
            }
            guard scheme != settings.scheme else { continue }
            settings.scheme = scheme
            if total < sample.configuration.bucketCount {
                try requireUnited(sample.ownership, by: sample.configuration.bucketCount / total, on: node.name)
            }
            changes[node.name] = .rebuild(settings, from: sample.configuration, keeping: true)
        }
        guard !changes.isEmpty else { throw .nothingToDo(.sameSize(total)) }
        return plan(changes, for: request)
    }

    /// The plan that takes back who was admitted, left or was made anew.
    ///
    /// - Throws: `PlanError` when a node owns something that would leave, or cannot be reached.
    public func inverseMembership(of plan: Plan) throws(PlanError) -> Plan {
        var changes: [String: MembershipChange] = [:]
        for (name, change) in plan.membership.sorted(by: { $0.key < $1.key }) {
            let index = try index(of: name)
            try requireLive(index)
            let status = snapshot.nodes[index]
            switch change.inverse {
            case .leave:
                guard let sample = status.sample else { continue }
                guard sample.ownership.accepting.isEmpty else { throw .stillOwner(name, sample.ownership.accepting) }
                changes[name] = .leave(sample.configuration)
            case .admit(let settings, _) where status.sample == nil: changes[name] = .admit(settings)
            case .rebuild(let settings, _, _):
                guard let sample = status.sample, sample.configuration != settings else { continue }
                if settings.bucketCount < sample.configuration.bucketCount {
                    try requireUnited(
                        sample.ownership, by: sample.configuration.bucketCount / settings.bucketCount, on: name)
                }
                changes[name] = .rebuild(settings, from: sample.configuration, keeping: true)
            case .admit, .end, nil: continue
            }
        }
        let moves = ended(plan).filter { changes[$0.to] != nil && free.contains($0.bucket) }
        guard !changes.isEmpty else { throw .nothingToDo(.nothingToUndo) }
        return self.plan(
            changes, then: moves.sorted { $0.bucket < $1.bucket }, for: .undo(plan.kind),
            risks: moves.isEmpty ? [] : silentRisk)
    }

    /// What members owned that left with everything.
    private func ended(_ plan: Plan) -> [Move] {
        plan.membership.flatMap { name, change -> [Move] in
            guard case .end = change else { return [] }
            return (plan.before[name] ?? Ownership()).accepting.map { Move(bucket: $0, from: nil, to: name) }
        }
    }
}

/// What these plans ask of the snapshot.
extension Planner {
    /// The plan of these changes, and of claims behind them.
    func plan(
        _ changes: [String: MembershipChange], then moves: [Move] = [], for request: PlanRequest, risks: [Risk] = []
    ) -> Plan {
        plan(changes, then: moves.sorted { $0.bucket < $1.bucket }, for: .requested(request), risks: risks)
    }

    /// The buckets that no node is known to own.
    private var free: BucketSet {
        let owned = snapshot.nodes.reduce(BucketSet()) { $0.union($1.ownership.accepting) }
        return BucketSet(1...snapshot.configuration.bucketCount).subtracting(owned)
    }

    /// The settings of most nodes, on the interface that this node has or is said to have.
    private func settings(for index: Int, _ interface: String?) -> ClusterConfiguration {
        var settings = snapshot.configuration
        let known = snapshot.nodes[index].sample ?? snapshot.nodes[index].lost
        // What our tables enforce has one word for it.
        if settings.address.family == .v4, let match = settings.scheme.asClusterMatch {
            settings.scheme = .clusterMatch(match)
        }
        settings.interface = interface ?? known?.configuration.interface ?? settings.interface
        return settings
    }

    /// What the members' kernels are to be told; nil when the plan changes no member, or they list it so already.
    ///
    /// A name that is not in the cluster file stays listed: its node may be a member that this console does not know. Only an
    /// installation takes it out, and asks for that first.
    func roster(of plan: Plan) -> Roster? {
        guard case .membership(let changes, _, _) = plan.work else { return nil }
        let leaving = Set(changes.filter { $0.value.isDeparture }.keys)
        let present = snapshot.nodes.filter {
            $0.sample != nil || $0.state != .live || changes[$0.name] != nil
        }.map(\.name)
        var isInstalling = false
        if case .requested(.install) = plan.kind { isInstalling = true }
        let strangers = snapshot.unknownMembers
        let names = Set(present).union(isInstalling ? [] : strangers).subtracting(leaving)
        let gone = leaving.union(isInstalling ? Set(strangers) : [])
        let readers = snapshot.nodes.filter { node in
            guard node.state == .live, !leaving.contains(node.name) else { return false }
            // Who is admitted is told with the admission.
            guard let sample = node.sample, sample.capabilities.can(.membership) else { return false }
            return sample.notes.members.map(Set.init) != names
        }.map(\.name)
        let isAdmitting = changes.values.contains { $0.role == .admit }
        return readers.isEmpty && !isAdmitting
            ? nil : Roster(names: names.sorted(), gone: gone.sorted(), readers: readers)
    }

    /// Whether what a node owns can be told in buckets of other settings, and is nobody else's there.
    private func canKeep(_ sample: ClusterSample, as settings: ClusterConfiguration, _ name: String) -> Bool {
        let (old, new) = (sample.configuration.scheme, settings.scheme)
        if old.placesAlike(new, family: settings.address.family) { return true }
        guard let kept = Resize(from: old, to: new)?(sample.ownership) else { return false }
        return snapshot.nodes.allSatisfy {
            $0.name == name || $0.ownership.accepting.intersection(kept.accepting).isEmpty
        }
    }

    private func requireEqual(_ wanted: ClusterConfiguration, to member: NodeStatus) throws(PlanError) {
        guard let its = member.sample?.configuration else { return }
        guard its.scheme == wanted.scheme, its.mac == wanted.mac else {
            throw .memberDiffers(member.name, its: its, wanted: wanted)
        }
    }

    private func requireJoinable(
        _ index: Int, _ settings: ClusterConfiguration, _ driver: String?
    ) throws(PlanError) {
        let node = snapshot.nodes[index]
        if let obstacle = node.obstacle(driver: driver, to: settings) { throw .cannotJoin(node.name, obstacle) }
    }

    private func requireUnowned(_ own: [String: BucketSet]) throws(PlanError) {
        for (name, buckets) in own.sorted(by: { $0.key < $1.key }) {
            _ = try index(of: name)
            for owner in snapshot.nodes where owner.name != name {
                let both = buckets.intersection(owner.ownership.accepting)
                guard both.isEmpty else { throw .ownedElsewhere(both, owner: owner.name, wantedBy: name) }
            }
        }
    }

    private func requireUnited(_ ownership: Ownership, by factor: Int, on node: String) throws(PlanError) {
        if let bucket = ownership.firstDivided(by: factor) { throw .divided(bucket: bucket, by: factor, node: node) }
    }

    /// Runs of neighbours for these nodes, in their order, which differ by one at most.
    static func evenShares(of total: Int, for nodes: [String]) -> [String: BucketSet] {
        var shares: [String: BucketSet] = [:]
        for (place, node) in nodes.enumerated() {
            let (before, last) = (place * total / nodes.count, (place + 1) * total / nodes.count)
            if before < last { shares[node] = BucketSet((before + 1)...last) }
        }
        return shares
    }

    /// The living nodes that answer everybody, since they have the cluster address and no table, each to be silenced.
    var silencing: [String: MembershipChange] {
        var changes: [String: MembershipChange] = [:]
        for index in snapshot.nodes.indices {
            let node = snapshot.nodes[index]
            guard node.state == .live, node.sample == nil, node.isBare else { continue }
            changes[node.name] = .admit(settings(for: index, nil))
        }
        return changes
    }
}
