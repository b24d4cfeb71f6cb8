import AgentProtocol
import ClusterModel
import NodeLink
import Reactor

/// A link that loses, doubles, delays and reorders calls and answers; samples keep their order, as in a real stream.
final class ProofLink: AgentLink {
    private unowned let console: ProofOperator
    private unowned let world: ProofWorld
    private let node: ProofNode
    private var agent: ProofAgent?
    private var handler: ((LinkEvent) -> Void)?
    private var opening = 0

    init(node: ProofNode, console: ProofOperator) {
        self.console = console
        self.node = node
        world = console.world
    }

    func open(_ handler: @escaping (LinkEvent) -> Void) {
        close()
        self.handler = handler
        opening += 1
        guard node.isUp, !node.isPartitioned else {
            let attempt = opening
            world.clock.after(0.3) { [weak self] in
                guard let self, opening == attempt, self.agent == nil else { return }
                fail(.init(.network, .notStarted, words: "\(node.name) cannot be reached"))
            }
            return
        }
        let agent = ProofAgent(node: node, world: world, link: self)
        node.agents = node.agents.filter(\.isAlive) + [agent]
        self.agent = agent
    }

    func send(_ frame: AgentFrame) {
        guard let agent, console.sends(frame) else { return }
        carry(frame, "call") { agent.receive(frame) }
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
        carry(frame, "answer") { [weak self] in
            guard let self, self.agent === agent, !console.isDying else { return }
            handler?(.frame(frame))
        }
    }

    /// The agent's process is gone.
    func ended(_ agent: ProofAgent, _ ending: LinkFailure.Ending) {
        guard self.agent === agent else { return }
        self.agent = nil
        fail(ending)
    }

    private func fail(_ ending: LinkFailure.Ending) {
        let handler = handler
        self.handler = nil
        handler?(.ended(.ended(ending)))
    }

    /// Lets a frame arrive once, twice or never, in time or late.
    private func carry(_ frame: AgentFrame, _ what: String, _ arrive: @escaping () -> Void) {
        func arrives(after delay: Double) {
            world.inFlight += 1
            world.clock.after(delay) { [node, world] in
                world.inFlight -= 1
                node.pass(arrive)
            }
        }
        if case .sample = frame { return arrives(after: 0.001) }
        guard world.faultsAreOn else { return arrives(after: 0.001) }
        let usual = 0.0002 + Double(world.random.below(2000)) / 1e6
        let (fate, weather) = (world.random.below(100), world.weather)
        if fate < weather.lost {
            world.count("\(what) lost")
        } else if fate < weather.lost + weather.doubled {
            world.count("\(what) doubled")
            arrives(after: usual)
            arrives(after: usual + Double(world.random.below(8000)) / 8000 * Proof.longestDelay * 0.99)
        } else if fate < weather.lost + weather.doubled + weather.late {
            world.count("\(what) late")
            arrives(after: Double(world.random.below(4000)) / 1000)
        } else {
            arrives(after: usual)
        }
    }
}
