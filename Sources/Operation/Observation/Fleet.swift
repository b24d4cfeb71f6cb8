import AgentProtocol
import ClusterModel
import NodeLink
import Reactor

/// The links to all nodes of a cluster and what comes out of them; the only part of observing that does anything.
public final class Fleet {
    private final class Member {
        let link: any AgentLink
        var session: NodeSession

        init(link: any AgentLink, session: NodeSession) {
            self.link = link
            self.session = session
        }
    }

    /// What the nodes have said.
    public private(set) var observation: ClusterObservation
    /// Called after anything new was learned.
    public var onChange: (() -> Void)?
    /// The nodes' names, in order.
    public let names: [String]

    private let reactor: Reactor
    private var members: [Member] = []
    private var completions: [Int: (Result<AgentResult, AgentFailure>) -> Void] = [:]
    private var nextTicket = 1
    private var timers: [Reactor.Token] = []

    /// A fleet of nodes with their links, sampled at an interval in seconds.
    public init(
        name: String, observation: ClusterObservation, nodes: [(name: String, link: any AgentLink)], reactor: Reactor,
        interval: Double = 1
    ) {
        self.reactor = reactor
        self.observation = observation
        names = nodes.map(\.name)
        members = nodes.map { Member(link: $0.link, session: NodeSession(interval: interval)) }
        timers = [
            reactor.after(interval / 4, repeating: true) { [weak self] in self?.tick() },
            reactor.after(interval, repeating: true) { [weak self] in self?.observation.beat() },
        ]
    }

    /// The time of the sessions, in seconds.
    public static var now: Double { Double(Reactor.now) / 1e9 }

    /// Opens all links.
    public func start() {
        for index in members.indices { perform(members[index].session.start(now: Self.now), index) }
    }

    /// Closes all links; no answer comes any more.
    public func stop() {
        for timer in timers { reactor.cancel(timer) }
        for member in members { member.link.close() }
        completions = [:]
    }

    /// The cluster as it is known now; nil as long as no node has shown its settings.
    public var snapshot: ClusterSnapshot? { observation.snapshot(now: Self.now) }

    /// Asks a node's agent; the completion is called exactly once, within the timeout in seconds.
    public func call(
        _ call: AgentCall, node index: Int, timeout: Double = 5,
        completion: @escaping (Result<AgentResult, AgentFailure>) -> Void
    ) {
        let ticket = nextTicket
        nextTicket += 1
        completions[ticket] = completion
        perform(members[index].session.call(call, ticket: ticket, timeout: timeout, now: Self.now), index)
    }

    /// Asks every node for a whole sample now.
    public func refresh() {
        for index in members.indices { perform(members[index].session.refresh(now: Self.now), index) }
    }

    private func tick() {
        for index in members.indices { perform(members[index].session.tick(now: Self.now), index) }
    }

    private func perform(_ actions: [NodeSession.Action], _ index: Int) {
        let member = members[index]
        var changed = false
        for action in actions {
            switch action {
            case .open:
                member.link.open { [weak self] event in
                    guard let self else { return }
                    perform(members[index].session.handle(event, now: Self.now), index)
                }
            case .close: member.link.close()
            case .send(let frame): member.link.send(frame)
            case .sample(let sample):
                observation.take(sample, ofNode: index, now: Self.now)
                changed = true
            case .completed(let ticket, let result): completions.removeValue(forKey: ticket)?(result)
            case .stateChanged: changed = true
            }
        }
        guard changed else { return }
        let session = member.session
        observation.take(state: session.state, reason: session.reason, delay: session.delay, ofNode: index)
        onChange?()
    }
}
