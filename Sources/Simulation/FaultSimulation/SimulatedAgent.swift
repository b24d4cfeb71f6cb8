import AgentProtocol
import ClusterModel
import NodeAgent
import NodeDriver
import Reactor
import SimulatedNodes

/// An agent's process on a node: the real agent behind a pipe, which can be stopped, continued and killed.
final class SimulatedAgent {
    private let agent: Agent
    private unowned let world: SimulatedWorld
    private unowned let node: SimulatedNode
    private weak var link: FaultyLink?
    private var inbox: [(frame: AgentFrame, sent: Double)] = []
    private var timer: Reactor.Token?
    private(set) var isAlive = true
    private var inputEnded = false
    private var answered: Set<Int> = []

    init(node: SimulatedNode, world: SimulatedWorld, link: FaultyLink) {
        self.node = node
        self.world = world
        self.link = link
        agent = Agent(
            node.driver.registry,
            identity: AgentIdentity(
                version: AgentProgram.version, host: node.name, kernel: "simulated", drivers: [node.driver.description],
                readOnly: false), now: { [unowned world] in world.clock.time })
    }

    /// Takes a frame, which was sent then, out of the pipe, at once or when the process goes on.
    func receive(_ frame: AgentFrame, sent: Double) {
        guard isAlive else { return }
        guard node.isPaused || !inbox.isEmpty else { return carryOut(frame, sent) }
        inbox.append((frame, sent))
        readInbox()
    }

    /// The console has closed its end: what is in the pipe is still read.
    func endInput() {
        link = nil
        inputEnded = true
        readInbox()
    }

    func die(_ ending: LinkFailure.Ending) {
        guard isAlive else { return }
        isAlive = false
        inbox = []
        adjustTimer(nil)
        if let link { world.clock.after(0.002) { [weak self] in if let self { link.ended(self, ending) } } }
    }

    func readInbox() {
        while isAlive, !node.isPaused, !inbox.isEmpty {
            let (frame, sent) = inbox.removeFirst()
            carryOut(frame, sent)
        }
        if inputEnded, inbox.isEmpty, isAlive, !node.isPaused {
            isAlive = false
            adjustTimer(nil)
        }
    }

    private func carryOut(_ frame: AgentFrame, _ sent: Double) {
        node.setClock()
        let interval = agent.watchInterval
        let driver = node.driver
        let answers = world.checker.watching(node, frame, sent: sent) { self.answers(to: frame) }
        if case .call(_, .apply) = frame, driver.takesDeath() { return die(.init(.unknown, .killed(signal: 9))) }
        answers.forEach(send)
        if agent.watchInterval != interval { adjustTimer(agent.watchInterval) }
    }

    /// What the agent makes of a call, by way of whoever stands in between.
    private func answers(to frame: AgentFrame) -> [AgentFrame] {
        guard let interception = world.interception, case .call(let number, .apply(let step)) = frame,
            let held = node.held
        else { return agent.receive(frame) }
        let side = AgentSide(ownership: held.ownership, operations: held.operations, driver: node.driver) {
            [agent] step in
            guard case .answer(_, let result)? = agent.receive(.call(number, .apply(step))).first else {
                return .failure(AgentFailure(message: "the agent did not answer"))
            }
            return result
        }
        return [.answer(number, interception.carryOut(step, on: side))]
    }

    /// Sends a frame; only the first copy of a call is answered, since no stream makes copies of its own: the copies stand for
    /// requests that an older agent finds in its pipe.
    private func send(_ frame: AgentFrame) {
        guard let link else { return }
        if case .answer(let number?, _) = frame, !answered.insert(number).inserted { return }
        link.carry(frame, from: self)
    }

    private func adjustTimer(_ interval: Int?) {
        if let timer { world.clock.cancel(timer) }
        timer = interval.map { interval in
            world.clock.after(Double(interval) / 1000, repeating: true) { [weak self] in
                guard let self, isAlive, !node.isPaused else { return }
                node.setClock()
                agent.tick().forEach(send)
            }
        }
    }
}
