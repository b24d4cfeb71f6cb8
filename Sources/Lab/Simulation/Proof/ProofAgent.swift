import AgentProtocol
import DataPlane
import NodeAgent
import Reactor

/// An agent's process on a node: the real agent behind a pipe, which can be stopped, continued and killed.
final class ProofAgent {
    private let agent: Agent
    private let world: ProofWorld
    private unowned let node: ProofNode
    private weak var link: ProofLink?
    private var inbox: [AgentFrame] = []
    private var timer: Reactor.Token?
    private(set) var isAlive = true
    private var inputEnded = false

    init(node: ProofNode, world: ProofWorld, link: ProofLink) {
        self.node = node
        self.world = world
        self.link = link
        agent = Agent(
            driver: node.driver,
            identity: AgentIdentity(
                version: AgentProgram.version, host: node.name, kernel: "simulated", drivers: ["simulated"],
                readOnly: false))
    }

    /// Takes a frame out of the pipe, at once or when the process goes on.
    func receive(_ frame: AgentFrame) {
        guard isAlive else { return }
        inbox.append(frame)
        readInbox()
    }

    /// The console has closed its end: what is in the pipe is still read.
    func endInput() {
        link = nil
        inputEnded = true
        readInbox()
    }

    func die(_ reason: String) {
        guard isAlive else { return }
        isAlive = false
        inbox = []
        adjustTimer(nil)
        if let link { world.clock.after(0.002) { [weak self] in if let self { link.ended(self, reason) } } }
    }

    func readInbox() {
        while isAlive, !node.isPaused, !inbox.isEmpty {
            let frame = inbox.removeFirst()
            let interval = agent.watchInterval
            let answers = world.watching(node, frame) { agent.receive(frame) }
            answers.forEach(send)
            if agent.watchInterval != interval { adjustTimer(agent.watchInterval) }
        }
        if inputEnded, inbox.isEmpty, isAlive, !node.isPaused {
            isAlive = false
            adjustTimer(nil)
        }
    }

    private func send(_ frame: AgentFrame) {
        guard let link else { return }
        link.carry(frame, from: self)
    }

    private func adjustTimer(_ interval: Int?) {
        if let timer { world.clock.cancel(timer) }
        timer = interval.map { interval in
            world.clock.after(Double(interval) / 1000, repeating: true) { [weak self] in
                guard let self, isAlive, !node.isPaused else { return }
                agent.tick().forEach(send)
            }
        }
    }
}
