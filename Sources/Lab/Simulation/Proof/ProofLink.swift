import AgentProtocol
import NodeLink
import Reactor

/// A link that loses, doubles, delays and reorders calls and answers; samples keep their order, as in a real stream.
final class ProofLink: AgentLink {
    private let world: ProofWorld
    private let node: ProofNode
    private var agent: ProofAgent?
    private var handler: ((LinkEvent) -> Void)?
    private var opening = 0

    init(world: ProofWorld, node: ProofNode) {
        self.world = world
        self.node = node
    }

    func open(_ handler: @escaping (LinkEvent) -> Void) {
        close()
        self.handler = handler
        opening += 1
        guard node.isUp, !node.isPartitioned else {
            let attempt = opening
            world.clock.after(0.3) { [weak self] in
                guard let self, opening == attempt, self.agent == nil else { return }
                fail("\(node.name) cannot be reached")
            }
            return
        }
        let agent = ProofAgent(node: node, world: world, link: self)
        node.agents = node.agents.filter(\.isAlive) + [agent]
        self.agent = agent
    }

    func send(_ frame: AgentFrame) {
        guard let agent else { return }
        for delay in world.delays(of: frame) {
            world.clock.after(delay) { [node] in node.pass { agent.receive(frame) } }
        }
    }

    func close() {
        handler = nil
        opening += 1
        guard let agent else { return }
        self.agent = nil
        world.clock.after(world.faultsAreOn ? Double(world.random.below(3000)) / 1000 : 0.01) { [node] in
            node.pass { agent.endInput() }
        }
    }

    /// Carries a frame to the console.
    func carry(_ frame: AgentFrame, from agent: ProofAgent) {
        for delay in world.delays(of: frame) {
            world.clock.after(delay) { [weak self, node] in
                node.pass {
                    guard let self, self.agent === agent else { return }
                    self.handler?(.frame(frame))
                }
            }
        }
    }

    /// The agent's process is gone.
    func ended(_ agent: ProofAgent, _ reason: String) {
        guard self.agent === agent else { return }
        self.agent = nil
        fail(reason)
    }

    private func fail(_ reason: String) {
        let handler = handler
        self.handler = nil
        handler?(.ended(reason))
    }
}
