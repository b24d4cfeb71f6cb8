import AgentProtocol
import Reactor

/// A link to an agent in this very process, for simulated nodes and tests; frames are handed over as they are.
public final class InProcessLink: AgentLink {
    private let clock: any Timekeeper
    private let makeAgent: () -> any AgentEndpoint
    private var agent: (any AgentEndpoint)?
    private var timer: Reactor.Token?
    private var handler: ((LinkEvent) -> Void)?

    /// A link to the agent that the closure makes, anew at each opening.
    public init(reactor clock: any Timekeeper, agent: @escaping () -> any AgentEndpoint) {
        self.clock = clock
        makeAgent = agent
    }

    /// Makes the agent.
    public func open(_ handler: @escaping (LinkEvent) -> Void) {
        self.handler = handler
        agent = makeAgent()
    }

    /// Hands a frame to the agent, in the clock's next turn.
    public func send(_ frame: AgentFrame) {
        clock.after(0) { [weak self] in
            guard let self, let agent = self.agent else { return }
            let before = agent.watchInterval
            agent.receive(frame).forEach { self.handler?(.frame($0)) }
            if agent.watchInterval != before { self.adjustTimer() }
        }
    }

    /// Drops the agent.
    public func close() {
        handler = nil
        agent = nil
        adjustTimer()
    }

    private func adjustTimer() {
        if let timer { clock.cancel(timer) }
        timer = agent?.watchInterval.map { interval in
            clock.after(Double(interval) / 1000, repeating: true) { [weak self] in
                self?.agent?.tick().forEach { self?.handler?(.frame($0)) }
            }
        }
    }
}
