import AgentProtocol
import ClusterModel
import Responsibility
import Wording

/// The conversation with one node's agent: greeting, watch, calls and their deadlines, silence, and new attempts.
///
/// A pure state machine: events and the time go in, actions come out. Times are seconds of any steady clock.
public struct NodeSession: Sendable {
    /// How well the node is heard.
    public private(set) var state: NodeState = .connecting
    /// Why it is not live; nil when it is.
    public private(set) var failure: LinkFailure?
    /// How the agent introduced itself; nil before it did.
    public private(set) var identity: AgentIdentity?
    /// The time of the last call and its answer, in seconds.
    public private(set) var delay: Double?
    /// When the last sample came.
    public private(set) var lastHeard: Double?
    /// When the agent last said that it is there, without a sample.
    private var lastAlive: Double?

    private let interval: Double
    private var isOpen = false
    private var openedAt = 0.0
    private var retryAt: Double?
    private var failures = 0
    private var nextGreeting = 0.0
    /// What the agent last said is wrong with it, outside of any call; nil after a sample.
    private var complaint: LinkFailure?
    private var pending = PendingCalls()
    /// The clock of the agent at the other end, by which steps expire.
    private var clock = AgentClock()
    private let address: IPAddress?
    private var decoder: SampleDecoder

    /// A session that will ask for samples at this interval in seconds.
    ///
    /// - Parameter address: the only cluster address whose counters are wanted; nil: of every one.
    public init(interval: Double = 1, address: IPAddress? = nil) {
        self.interval = interval
        self.address = address
        decoder = SampleDecoder(address: address)
    }

    /// Without a sample for so long, in seconds, a node is stale; intervals below a second count as one, since machines
    /// and networks have their pauses.
    public var staleAfter: Double { max(interval, 1) * 1.5 }

    /// Without a sample for so long, in seconds, a node is unreachable.
    public var unreachableAfter: Double { max(interval, 1) * 2.75 }

    /// So long, in seconds, may pass from opening a link to its first sample; ssh to a far node takes its time.
    private static let connectTime = 10.0

    /// A sample may take so long, in seconds, as long as the agent says that it is there.
    private static let longestSample = 30.0

    /// An agent that said that it is there may be silent for so long, in seconds, over what it began then.
    private static let longestSilence = 8.0

    /// After so long, in seconds, a link that hung is tried again.
    private static let pauseAfterHanging = 2.0

    /// Opens the link for the first time.
    public mutating func start(now: Double) -> [Action] {
        [.open] + opened(now: now)
    }

    /// Begins a call; its answer, or its failure, comes as `completed` with the same ticket.
    ///
    /// A step may be carried out as long as its answer is waited for; none is sent before the node's clock is known.
    public mutating func call(_ call: AgentCall, ticket: Int, timeout: Double, now: Double) -> [Action] {
        guard isOpen else {
            let message = UnansweredCall.notSent(failure).sentence
            return [.completed(ticket: ticket, .failure(AgentFailure(code: .unsent, message: message)))]
        }
        let until = clock.moment(in: timeout, now: now)
        guard until != nil || !call.expires else {
            let message = UnansweredCall.unheard.sentence
            return [.completed(ticket: ticket, .failure(AgentFailure(code: .expired, message: message)))]
        }
        let call = call.expiring(at: until)
        return [.send(request(call, ticket: ticket, timeout: timeout, now: now))]
    }

    /// Takes what happened on the link.
    public mutating func handle(_ event: LinkEvent, now: Double) -> [Action] {
        switch event {
        case .frame(.sample(let wire)): return take(wire, now: now)
        case .frame(.answer(let number, let result)): return take(number, result, now: now)
        case .frame(.alive):
            lastAlive = now
            guard case .late? = failure, state == .stale, latestSign(now: now) == now else { return [] }
            return change(to: .live, nil)
        case .frame(.call), .frame(.unusableCall): return []
        case .garbage(let failure): return fail(.unreadable(failure.message), now: now)
        case .ended(let failure): return ended(failure, now: now)
        }
    }

    /// When the node was last heard: its last sample, or that it is there and works on the next one.
    ///
    /// An agent that said so may be silent for longer, since it does one thing after the other; not for ever, though.
    private func latestSign(now: Double) -> Double? {
        guard let lastAlive, now - (lastHeard ?? openedAt) < Self.longestSample else { return lastHeard }
        let isBusy = lastAlive > lastHeard ?? openedAt && now - lastAlive < Self.longestSilence
        return isBusy ? now : max(lastHeard ?? lastAlive, lastAlive)
    }

    /// Looks at the clock: silence, overdue answers, the next attempt.
    public mutating func tick(now: Double) -> [Action] {
        var actions = expire(now: now)
        if isOpen, now >= nextGreeting { actions.append(.send(greeting(now: now))) }
        if let retryAt, now >= retryAt {
            self.retryAt = nil
            actions += [.open] + opened(now: now)
        }
        let heard = latestSign(now: now)
        let silence = now - (heard ?? openedAt)
        let hasHeard = (heard ?? -.infinity) > openedAt
        let quiet = now - (hasHeard ? heard ?? openedAt : openedAt)
        if isOpen, quiet > (hasHeard ? unreachableAfter : Self.connectTime) {
            actions += fail(complaint ?? .silent(seconds: Int(silence.rounded())), now: now)
            retryAt = now + Self.pauseAfterHanging
        } else if silence > unreachableAfter, !isOpen || lastHeard != nil {
            actions += change(to: .unreachable, failure ?? .silent(seconds: Int(silence.rounded())))
        } else if state == .live, silence > staleAfter {
            actions += change(to: .stale, .late(seconds: Int(silence.rounded())))
        }
        return actions
    }

    /// Asks for a whole sample now.
    public mutating func refresh(now: Double) -> [Action] {
        guard isOpen else { return [] }
        return [.send(request(.watch(interval: Int(interval * 1000)), ticket: nil, timeout: 10, now: now))]
    }

    private mutating func opened(now: Double) -> [Action] {
        isOpen = true
        openedAt = now
        complaint = nil
        clock.forget()
        decoder = SampleDecoder(address: address)
        return [
            .send(greeting(now: now)),
            .send(request(.watch(interval: Int(interval * 1000)), ticket: nil, timeout: 10, now: now)),
        ]
    }

    private mutating func greeting(now: Double) -> AgentFrame {
        nextGreeting = now + 5 * interval
        return request(.hello, ticket: nil, timeout: 10, now: now)
    }

    private mutating func request(_ call: AgentCall, ticket: Int?, timeout: Double, now: Double) -> AgentFrame {
        .call(pending.add(ticket: ticket, timeout: timeout, now: now), call)
    }

    private mutating func take(_ wire: WireSample, now: Double) -> [Action] {
        do throws(AgentFailure) {
            let sample = try decoder.decode(wire)
            lastHeard = now
            clock.take(sample.monotonicNanoseconds, now: now)
            complaint = nil
            failures = 0
            return change(to: .live, nil) + [.sample(sample)]
        } catch {
            return fail(.unreadable(error.message), now: now)
        }
    }

    private mutating func take(_ number: Int?, _ answer: AgentAnswer, now: Double) -> [Action] {
        do throws(AgentFailure) {
            return takeAdmitted(number, try answer.admitted(), now: now)
        } catch {
            return fail(.unreadable(error.message), now: now)
        }
    }

    private mutating func takeAdmitted(_ number: Int?, _ result: AgentAnswer, now: Double) -> [Action] {
        guard let number else {
            guard case .failure(let failure) = result else { return [] }
            complaint = .refused(failure.code, failure.message)
            return change(to: state == .live ? .stale : state, complaint)
        }
        guard let call = pending.remove(number) else { return [] }
        delay = now - call.sent
        if case .failure(let failure) = result, let reading = failure.clock { clock.take(reading, now: now) }
        var news: [Action] = []
        if case .success(.identity(let identity)) = result {
            let isNew = self.identity != identity
            self.identity = identity
            guard identity.protocolVersion == AgentIdentity.currentProtocol else {
                return fail(
                    .otherProtocol(agent: identity.protocolVersion, console: AgentIdentity.currentProtocol), now: now)
            }
            if isNew { news = [.stateChanged] }
        }
        if let ticket = call.ticket { return news + [.completed(ticket: ticket, result)] }
        if case .failure(let failure) = result { return fail(.refused(failure.code, failure.message), now: now) }
        return news
    }

    private mutating func fail(_ failure: LinkFailure, now: Double) -> [Action] {
        [.close] + ended(failure.madeSafe, now: now)
    }

    private mutating func ended(_ failure: LinkFailure, now: Double) -> [Action] {
        isOpen = false
        failures += 1
        retryAt = now + min(0.25 * Double(1 << min(failures, 6)), 10)
        let silence = latestSign(now: now).map { now - $0 } ?? .infinity
        return change(to: silence > unreachableAfter ? .unreachable : .stale, failure)
            + pending.removeAll().map { .completed(ticket: $0, .failure(Self.lost(.linkEnded(failure)))) }
    }

    private mutating func expire(now: Double) -> [Action] {
        pending.removeOverdue(now: now).map { ticket in
            .completed(ticket: ticket, .failure(Self.lost(.overdue)))
        }
    }

    private mutating func change(to state: NodeState, _ failure: LinkFailure?) -> [Action] {
        guard state != self.state || failure != self.failure else { return [] }
        self.state = state
        self.failure = failure
        return [.stateChanged]
    }

    /// An answer that did not come: whether the call was carried out is not known.
    private static func lost(_ call: UnansweredCall) -> AgentFailure {
        AgentFailure(code: .lost, message: call.sentence)
    }
}

extension LinkFailure {
    /// The failure without anything in the agent's words that could command a terminal.
    fileprivate var madeSafe: LinkFailure {
        switch self {
        case .unreadable(let words): .unreadable(words.madeSafe(limit: 300))
        case .refused(let code, let words): .refused(code, words.madeSafe(limit: 300))
        case .driver, .ended, .notReading, .endlessLine, .otherProtocol, .silent, .late: self
        }
    }
}

extension NodeSession {
    /// What is to be done after an event.
    public enum Action: Hashable, Sendable {
        /// Open the link.
        case open
        /// Send this frame.
        case send(AgentFrame)
        /// Close the link.
        case close
        /// A new sample is there.
        case sample(NodeSample)
        /// The call of that ticket has ended.
        case completed(ticket: Int, Result<AgentResult, AgentFailure>)
        /// The state or the failure behind it changed.
        case stateChanged
    }
}
