import ClusterModel
import Responsibility

/// What the drivers of a plan's nodes cannot do: a refusal where nothing can stand in for it, otherwise a named risk.
extension Planner {
    /// Refuses a plan that asks something of a node which its agent or its driver never does.
    func requireAble(_ plan: Plan) throws(PlanError) {
        for name in plan.nodes {
            guard let index = snapshot.index(ofNode: name), snapshot.nodes[index].state == .live else { continue }
            let node = snapshot.nodes[index]
            guard !node.isReadOnly else { throw .readOnly(node: name) }
            guard let sample = node.sample else {
                if case .admit(let settings, let driver)? = plan.membership[name],
                    let obstacle = node.obstacle(driver: driver, to: settings)
                {
                    throw .cannotJoin(name, obstacle)
                }
                continue
            }
            if try isMigration(of: node, sample, plan) || isKeeper(name, plan) { continue }
            let abilities: [Capabilities.Ability] =
                plan.membership[name].map {
                    $0.isEnd || plan.moves.isEmpty ? [.membership] : [.membership, .moving, .marks]
                }
                ?? [.moving, .marks]
            for ability in abilities where !sample.capabilities.can(ability) {
                throw .driverCannot(node: name, driver: sample.driver, .ability(ability))
            }
            if case .rebuild(let settings, _, _)? = plan.membership[name],
                let lack = sample.capabilities.obstacle(to: settings)
            {
                throw .driverCannot(node: name, driver: sample.driver, lack)
            }
        }
    }

    /// Whether the node keeps what it owns already, while others give the same up: nothing is asked of it.
    private func isKeeper(_ name: String, _ plan: Plan) -> Bool {
        plan.membership[name] == nil
            && plan.moves.allSatisfy { move in
                move.from != name
                    && (move.to != name || plan.before[name]?.state(of: move.bucket)?.acceptsNewFlows == true)
            }
    }

    /// Whether the plan lets a table of ours take the place of a node's rules, and does nothing else there.
    ///
    /// - Throws: what forbids it.
    private func isMigration(of node: NodeStatus, _ sample: ClusterSample, _ plan: Plan) throws(PlanError) -> Bool {
        guard case .rebuild(let settings, _, let isKept)? = plan.membership[node.name], isKept,
            !sample.capabilities.can(.membership), sample.capabilities.can(.migrating),
            settings.scheme.placesAlike(sample.configuration.scheme, family: settings.address.family),
            !plan.moves.contains(where: { $0.from == node.name || $0.to == node.name })
        else { return false }
        if let obstacle = node.obstacle(driver: nil, to: settings) { throw .cannotJoin(node.name, obstacle) }
        return true
    }

    /// What the plan does otherwise than on a table of our own.
    func driverRisks(of plan: Plan) -> [Risk] {
        let isGraceful = plan.mode == .graceful
        let givers = isGraceful ? Set(plan.moves.compactMap(\.from)) : []
        let takers = Set(plan.moves.map(\.to))
        let keepers = givers.filter { can(.draining, $0) }
        let facingKept = Set(plan.moves.filter { keepers.contains($0.from ?? "") }.map(\.to))
        let facingUnknown = Set(plan.moves.filter { $0.from.map { !keepers.contains($0) } ?? !isGraceful }.map(\.to))
        return unconfirmed(by: plan)
            + plan.nodes.flatMap { name -> [Risk] in
                guard let sample = snapshot.index(ofNode: name).flatMap({ snapshot.nodes[$0].sample }) else {
                    return []
                }
                var missing: [Capabilities.Ability] = []
                if givers.contains(name) { missing.append(.draining) }
                if facingKept.contains(name) { missing.append(.ignoring) }
                if takers.contains(name), !isGraceful || facingUnknown.contains(name) { missing.append(.adopting) }
                if plan.membership[name] == nil { missing.append(.atomicSteps) }
                return missing.filter { !sample.capabilities.can($0) }
                    .map { .driverCannot(node: name, driver: sample.driver, $0) }
            }
    }
}

extension Planner {
    /// Nodes that cannot confirm that they do not own what nobody gives up: nothing can be written there.
    private func unconfirmed(by plan: Plan) -> [Risk] {
        guard plan.moves.contains(where: { $0.from == nil }) || plan.mode == .takeOver else { return [] }
        return snapshot.nodes.compactMap { node in
            guard node.state == .live, let sample = node.sample, plan.membership[node.name] == nil,
                plan.before[node.name] != nil,
                !sample.capabilities.can(.moving) || !sample.capabilities.can(.marks)
            else { return nil }
            return .driverCannot(node: node.name, driver: sample.driver, .marks)
        }
    }

    private func can(_ ability: Capabilities.Ability, _ node: String) -> Bool {
        snapshot.index(ofNode: node).flatMap { snapshot.nodes[$0].sample?.capabilities.can(ability) } ?? true
    }
}

extension Plan {
    /// Whether the plan was made for a node whose driver cannot do something that the plan would otherwise ask of it.
    func mustDoWithout(_ ability: Capabilities.Ability, on node: String) -> Bool {
        risks.contains {
            if case .driverCannot(node, _, ability) = $0 { true } else { false }
        }
    }
}
