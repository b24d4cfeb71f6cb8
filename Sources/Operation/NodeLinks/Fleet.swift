import AgentProtocol
import ClusterModel
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

    private let clock: any Timekeeper
    private var awake: AwakeClock
    private var members: [Member] = []
    private var completions: [Int: (Result<AgentResult, AgentFailure>) -> Void] = [:]
    private var nextTicket = 1
    private var timers: [Reactor.Token] = []
    private var delays: [Int: Reactor.Token] = [:]

    /// A fleet of nodes with their links, sampled at an interval in seconds.
    public init(
        name: String, observation: ClusterObservation, nodes: [(name: String, link: any AgentLink)],
        reactor clock: any Timekeeper, interval: Double = 1
    ) {
        self.clock = clock
        awake = AwakeClock(longest: max(interval, 2))
        self.observation = observation
        names = nodes.map(\.name)
        members = nodes.map {
            Member(link: $0.link, session: NodeSession(interval: interval, address: observation.address))
        }
        timers = [
            clock.after(interval / 4, repeating: true) { [weak self] in self?.tick() },
            clock.after(interval, repeating: true) { [weak self] in self?.observation.beat() },
        ]
    }

    deinit { stop() }

    /// The monotonic clock in seconds, which goes on while this program is stopped.
    public static var now: Double { Double(Reactor.now) / 1e9 }

    /// The fleet's clock, in seconds: it stands still while this program is stopped.
    public var seconds: Double { awake.read(clock.seconds) }

    private var now: Double { seconds }

    /// Whether a node has sent a sample since a time of the fleet's clock.
    public func hasHeard(_ node: String, since time: Double) -> Bool {
        guard let index = names.firstIndex(of: node), let heard = observation.lastHeard(index) else { return false }
        return heard > time
    }

    /// Opens all links.
    public func start() {
        for index in members.indices { perform(members[index].session.start(now: now), index) }
    }

    /// Closes all links; no answer comes any more.
    public func stop() {
        for timer in timers + Array(delays.values) { clock.cancel(timer) }
        (timers, delays) = ([], [:])
        for member in members { member.link.close() }
        completions = [:]
        onChange = nil
    }

    /// The cluster as it is known now; nil as long as no node has shown its settings.
    public var snapshot: ClusterSnapshot? { observation.snapshot(now: now) }

    /// What is known of the nodes, also when none has shown its settings.
    public var statuses: [NodeStatus] { observation.statuses(now: now) }

    /// The cluster as it is known now, without findings: all that a plan needs.
    public var bareSnapshot: ClusterSnapshot? { observation.bareSnapshot(now: now) }

    /// Asks a node's agent; the completion is called exactly once, within the timeout in seconds.
    public func call(
        _ call: AgentCall, node index: Int, timeout: Double = 5,
        completion: @escaping (Result<AgentResult, AgentFailure>) -> Void
    ) {
        let ticket = nextTicket
        nextTicket += 1
        completions[ticket] = completion
        perform(members[index].session.call(call, ticket: ticket, timeout: timeout, now: now), index)
    }

    /// Calls a handler once after a delay in seconds; not after `stop`.
    public func after(_ seconds: Double, handler: @escaping () -> Void) {
        let number = nextTicket
        nextTicket += 1
        delays[number] = clock.after(seconds) { [weak self] in
            if self?.delays.removeValue(forKey: number) != nil { handler() }
        }
    }

    /// Asks every node for a whole sample now.
    public func refresh() {
        for index in members.indices { perform(members[index].session.refresh(now: now), index) }
    }

    private func tick() {
        for index in members.indices { perform(members[index].session.tick(now: now), index) }
    }

    private func perform(_ actions: [NodeSession.Action], _ index: Int) {
        if actions.isEmpty { return }
        let member = members[index]
        var changed = false
        for action in actions {
            switch action {
            case .open:
                observation.linkOpened(ofNode: index)
                member.link.open { [weak self] event in
                    guard let self else { return }
                    perform(members[index].session.handle(event, now: now), index)
                }
            case .close: member.link.close()
            case .send(let frame): member.link.send(frame)
            case .sample(let sample):
                observation.take(sample, ofNode: index, now: now, clock: clock.seconds)
                changed = true
            case .completed(let ticket, let result): completions.removeValue(forKey: ticket)?(result)
            case .stateChanged: changed = true
            }
        }
        guard changed else { return }
        let session = member.session
        observation.take(state: session.state, failure: session.failure, delay: session.delay, ofNode: index)
        if let agent = session.identity {
            let host = HostIdentity(
                name: agent.host, machine: agent.machine, kernel: agent.kernel, agentVersion: agent.version)
            observation.take(host: host, drivers: agent.drivers, isReadOnly: agent.readOnly, ofNode: index)
        }
        onChange?()
    }
}

/// Time as a program lives it: while the program is stopped, by Ctrl-Z or SIGSTOP, no time passes.
///
/// A program that slept has heard nothing, and must not take its own silence for the nodes'. Whoever reads the clock at
/// least every quarter of `longest` seconds sees time pass as it does.
struct AwakeClock: Sendable {
    /// The longest time between two readings that the program can have been awake.
    let longest: Double
    private var last: Double?
    private var slept = 0.0

    init(longest: Double) { self.longest = longest }

    /// The time in seconds, by a clock that also runs while the program sleeps.
    mutating func read(_ time: Double) -> Double {
        if let last, time - last > longest { slept += time - last }
        last = time
        return time - slept
    }
}
