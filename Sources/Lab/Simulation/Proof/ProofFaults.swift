import ClusterModel
import DataPlane
import Reactor
import Responsibility

/// What befalls a run: everything a cluster's nodes, links and people do at the wrong moment.
struct ProofFaults {
    let world: ProofWorld

    /// Schedules the next misfortune, and so on until the faults end.
    func begin() {
        let wait = 0.2 + Double(world.random.below(1200)) / 1000
        world.clock.after(wait) {
            guard world.faultsAreOn else { return }
            strike()
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

    private func strike() {
        let node = world.nodes[Int(world.random.below(UInt64(world.nodes.count)))]
        switch world.random.below(20) {
        case 0...4: killAgents(node)
        case 5...9: pause(node)
        case 10...13: partition(node)
        case 14: reboot(node)
        case 15: flush(node)
        case 16: loseElement(node)
        case 17: if world.random.below(4) == 0 { addElement(node) }
        default: world.kill(Int(world.random.below(2)))
        }
    }

    private func killAgents(_ node: ProofNode) {
        world.log("\(node.name): agents are killed")
        for agent in node.agents { agent.die("the agent ended (signal 9)") }
    }

    private func pause(_ node: ProofNode) {
        world.log("\(node.name): agents are stopped")
        node.isPaused = true
        later(8) {
            world.log("\(node.name): agents go on")
            node.resume()
        }
    }

    private func partition(_ node: ProofNode) {
        world.log("\(node.name) is cut off")
        node.partition()
        later(8) {
            world.log("\(node.name) is back on the network")
            node.heal()
        }
    }

    private func reboot(_ node: ProofNode) {
        guard node.isUp else { return }
        world.log("\(node.name) loses power")
        node.powerOff()
        later(10) {
            guard !node.isUp else { return }
            world.log("\(node.name) has booted and owns nothing")
            node.boot()
        }
    }

    private func flush(_ node: ProofNode) {
        guard node.held != nil else { return }
        world.log("\(node.name): somebody flushes the ruleset")
        node.flush()
        later(6) {
            guard node.isUp, node.held == nil else { return }
            world.log("\(node.name) is installed again and owns nothing")
            node.install()
        }
    }

    private func loseElement(_ node: ProofNode) {
        guard let bucket = node.held?.ownership.answering.first(where: { _ in true }) else { return }
        world.log("\(node.name): somebody deletes bucket \(bucket)")
        node.driver.commitForeignChange(of: bucket, to: nil, address: world.configuration.address)
        world.version += 1
    }

    private func addElement(_ node: ProofNode) {
        guard node.held != nil else { return }
        let bucket = Int(world.random.below(UInt64(world.configuration.totalNodes))) + 1
        world.log("\(node.name): somebody adds bucket \(bucket)")
        world.meddled.insert(bucket)
        node.driver.commitForeignChange(of: bucket, to: .owned, address: world.configuration.address)
        world.version += 1
    }

    private func later(_ longest: UInt64, _ body: @escaping () -> Void) {
        world.clock.after(0.3 + Double(world.random.below(longest * 1000)) / 1000, handler: body)
    }
}
