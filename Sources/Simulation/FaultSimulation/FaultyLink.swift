import AgentProtocol
import ClusterModel
import NodeLinks
import Reactor
import SimulatedNodes

/// A link that loses, doubles, delays and reorders calls and answers; samples keep their order, as in a real stream.
final class FaultyLink: AgentLink {
    private unowned let console: SimulatedOperator
    private unowned let world: SimulatedWorld
    private let node: SimulatedNode
    private var agent: SimulatedAgent?
    private var handler: ((LinkEvent) -> Void)?
    private var opening = 0

    init(node: SimulatedNode, console: SimulatedOperator) {
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
        let agent = SimulatedAgent(node: node, world: world, link: self)
        node.agents = node.agents.filter(\.isAlive) + [agent]
        self.agent = agent
    }

    func send(_ frame: AgentFrame) {
        guard let agent, console.sends(frame) else { return }
        let sent = world.clock.seconds
        carry(frame, "call") { agent.receive(frame, sent: sent) }
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
    func carry(_ frame: AgentFrame, from agent: SimulatedAgent) {
        carry(frame, "answer") { [weak self] in
            guard let self, self.agent === agent, !console.isDying else { return }
            handler?(.frame(frame))
        }
    }

    /// The agent's process is gone.
    func ended(_ agent: SimulatedAgent, _ ending: LinkFailure.Ending) {
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
        switch world.profile.packets.fate(&world.random) {
        case .lost: world.count("\(what) lost")
        case .duplicated:
            world.count("\(what) doubled")
            arrives(after: usual)
            arrives(after: usual + Double(world.random.below(8000)) / 8000 * SimulationRun.longestDelay * 0.99)
        case .delayed:
            world.count("\(what) late")
            arrives(after: Double(world.random.below(4000)) / 1000)
        case .delivered: arrives(after: usual)
        }
    }
}
