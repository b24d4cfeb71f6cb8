import ClusterModel
import NodeDriver
import Reactor
import Responsibility
import SimulatedNodes

/// Injects the faults of a run: everything a cluster's nodes, links and people do at the wrong moment.
struct FaultInjector {
    let world: SimulatedWorld

    /// Schedules the next fault, and so on until the faults end.
    func begin() {
        let wait = 0.2 + Double(world.random.below(world.profile.longestPause)) / 1000
        world.clock.after(wait) {
            guard world.faultsAreOn else { return }
            inject()
            begin()
        }
    }

    /// Ends everything that is wrong with the nodes.
    func heal() {
        for node in world.nodes {
            node.heal()
            if !node.isUp { node.boot() } else if node.held == nil { node.install() }
            node.resume()
        }
    }

    private func inject() {
        let node = world.nodes[Int(world.random.below(UInt64(world.nodes.count)))]
        switch world.profile.nodeFaults[Int(world.random.below(UInt64(world.profile.nodeFaults.count)))] {
        case .killAgents: killAgents(node)
        case .stopAgents: pause(node)
        case .cutOff: partition(node)
        case .powerOff: reboot(node)
        case .flush: flush(node)
        case .loseElement: loseElement(node)
        case .addElement: addElement(node)
        case .killConsole: world.kill(Int(world.random.below(2)))
        }
    }

    private func killAgents(_ node: SimulatedNode) {
        world.log(.node(node.name), "agents are killed")
        world.count("agents killed")
        for agent in node.agents { agent.die(.init(.unknown, .killed(signal: 9))) }
    }

    private func pause(_ node: SimulatedNode) {
        world.log(.node(node.name), "agents are stopped")
        world.count("agents stopped")
        node.isPaused = true
        later(8) {
            world.log(.node(node.name), "agents go on")
            node.resume()
        }
    }

    private func partition(_ node: SimulatedNode) {
        world.log(.node(node.name), "is cut off")
        world.count("node cut off")
        node.partition()
        later(8) {
            world.log(.node(node.name), "is back on the network")
            node.heal()
        }
    }

    private func reboot(_ node: SimulatedNode) {
        guard node.isUp else { return }
        world.log(.node(node.name), "loses power")
        world.count("node without power")
        node.powerOff()
        later(10) { boot(node) }
    }

    /// A node for which an operator vouches stays off until that plan has ended.
    private func boot(_ node: SimulatedNode) {
        guard !node.isUp else { return }
        guard !world.operators.contains(where: { $0.vouchesFor(node.name) }) else { return later(1) { boot(node) } }
        let isMember = world.random.below(2) == 0
        world.log(.node(node.name), isMember ? "has booted and owns nothing" : "has booted and is no member")
        node.boot(isMember: isMember)
    }

    private func flush(_ node: SimulatedNode) {
        guard node.held != nil else { return }
        world.log(.node(node.name), "somebody flushes the ruleset")
        world.count("ruleset flushed by others")
        node.flush()
        guard world.random.below(3) > 0 else { return }
        later(6) {
            guard node.isUp, node.held == nil else { return }
            world.log(.node(node.name), "is installed again and owns nothing")
            node.install()
        }
    }

    private func loseElement(_ node: SimulatedNode) {
        guard let ownership = node.held?.ownership else { return }
        let held = ownership.accepting.union(ownership.draining)
        guard !held.isEmpty else { return }
        let bucket = Array(held)[Int(world.random.below(UInt64(held.count)))]
        world.log(.node(node.name), "somebody deletes bucket \(bucket)")
        world.count("element deleted by others")
        node.driver.commitForeignChange(of: bucket, to: nil, address: world.configuration.address)
        // With the element goes the mark of who wrote it, and the node keeps connections of which its sets no longer tell.
        world.checker.allowExtraOwner(of: bucket)
        world.clients.leave(bucket)
        world.checker.needsCheck = true
    }

    private func addElement(_ node: SimulatedNode) {
        guard let ownership = node.held?.ownership else { return }
        let bucket = Int(world.random.below(UInt64(world.configuration.bucketCount))) + 1
        let drawn: BucketState = world.random.below(2) == 0 ? .owned : .adopted
        let state = node.kind == .table ? drawn : .owned
        world.log(.node(node.name), "somebody adds bucket \(bucket), \(state.rawValue)")
        world.count(state == .owned ? "element added by others" : "adopted element added by others")
        // An adopted bucket answers also what another node keeps.
        if state == .adopted || !ownership.accepts(bucket) {
            world.checker.allowExtraOwner(of: bucket)
        }
        node.driver.commitForeignChange(of: bucket, to: state, address: world.configuration.address)
        world.checker.needsCheck = true
    }

    private func later(_ longest: UInt64, _ body: @escaping () -> Void) {
        world.clock.after(0.3 + Double(world.random.below(longest * 1000)) / 1000, handler: body)
    }
}
