import AgentProtocol
import ClusterModel

/// The conversation with one node's agent: greeting, watch, calls and their deadlines, silence, and new attempts.
///
/// A pure state machine: events and the time go in, actions come out. Times are seconds of any steady clock.
public struct NodeSession: Sendable {
    /// How well the node is heard.
    public private(set) var state: NodeState = .connecting
    /// Why it is not live; nil when it is.
    public private(set) var reason: String?
    /// How the agent introduced itself; nil before it did.
    public private(set) var identity: AgentIdentity?
    /// The time of the last call and its answer, in seconds.
    public private(set) var delay: Double?
    /// When the last sample came.
    public private(set) var lastHeard: Double?

    private let interval: Double
    private var isOpen = false
    private var openedAt = 0.0
    private var retryAt: Double?
    private var failures = 0
    private var nextGreeting = 0.0
    /// What the agent last said is wrong with it, outside of any call; nil after a sample.
    private var complaint: String?
    private var pending = PendingCalls()
    private var decoder = SampleDecoder()

    /// A session that will ask for samples at this interval in seconds.
    public init(interval: Double = 1) { self.interval = interval }

    /// Without a sample for so long, in seconds, a node is stale; intervals below a second count as one, since machines
    /// and networks have their pauses.
    public var staleAfter: Double { max(interval, 1) * 1.5 }

    /// Without a sample for so long, in seconds, a node is unreachable.
    public var unreachableAfter: Double { max(interval, 1) * 2.75 }

    /// So long, in seconds, may pass from opening a link to its first sample; ssh to a far node takes its time.
    private static let connectTime = 10.0

    /// After so long, in seconds, a link that hung is tried again.
    private static let pauseAfterHanging = 2.0

    /// Opens the link for the first time.
    public mutating func start(now: Double) -> [Action] {
        [.open] + opened(now: now)
    }

    /// Begins a call; its answer, or its failure, comes as `completed` with the same ticket.
    public mutating func call(_ call: AgentCall, ticket: Int, timeout: Double, now: Double) -> [Action] {
        guard isOpen else {
            let failure = AgentFailure(code: .unsent, message: reason ?? "there is no link to the node's agent yet")
            return [.completed(ticket: ticket, .failure(failure))]
        }
        return [.send(request(call, ticket: ticket, timeout: timeout, now: now))]
    }

    /// Takes what happened on the link.
    public mutating func handle(_ event: LinkEvent, now: Double) -> [Action] {
        switch event {
        case .frame(.sample(let wire)): return take(wire, now: now)
        case .frame(.answer(let number, let result)): return take(number, result, now: now)
        case .frame(.call), .frame(.unusableCall): return []
        case .garbage(let failure): return fail(failure.message, now: now)
        case .ended(let reason): return ended(reason, now: now)
        }
    }

    /// Looks at the clock: silence, overdue answers, the next attempt.
    public mutating func tick(now: Double) -> [Action] {
        var actions = expire(now: now)
        if isOpen, now >= nextGreeting { actions.append(.send(greeting(now: now))) }
        if let retryAt, now >= retryAt {
            self.retryAt = nil
            actions += [.open] + opened(now: now)
        }
        let silence = now - (lastHeard ?? openedAt)
        let hasHeard = (lastHeard ?? -.infinity) > openedAt
        let quiet = now - (hasHeard ? lastHeard ?? openedAt : openedAt)
        if isOpen, quiet > (hasHeard ? unreachableAfter : Self.connectTime) {
            let hanging = "nothing heard for \(Int(silence.rounded())) s: the agent or its link hangs"
            actions += fail(complaint ?? hanging, now: now)
            retryAt = now + Self.pauseAfterHanging
        } else if silence > unreachableAfter, !isOpen || lastHeard != nil {
            actions += change(to: .unreachable, reason ?? "nothing heard")
        } else if state == .live, silence > staleAfter {
            actions += change(to: .stale, "no sample for \(Int(silence.rounded())) s")
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
        decoder = SampleDecoder()
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
            complaint = nil
            failures = 0
            return change(to: .live, nil) + [.sample(sample)]
        } catch {
            return fail(error.message, now: now)
        }
    }

    private mutating func take(_ number: Int?, _ answer: AgentAnswer, now: Double) -> [Action] {
        do throws(AgentFailure) {
            return takeAdmitted(number, try answer.admitted(), now: now)
        } catch {
            return fail(error.message, now: now)
        }
    }

    private mutating func takeAdmitted(_ number: Int?, _ result: AgentAnswer, now: Double) -> [Action] {
        guard let number else {
            guard case .failure(let failure) = result else { return [] }
            complaint = failure.message
            return change(to: state == .live ? .stale : state, complaint)
        }
        guard let call = pending.remove(number) else { return [] }
        delay = now - call.sent
        if case .success(.identity(let identity)) = result {
            self.identity = identity
            guard identity.protocolVersion == AgentIdentity.currentProtocol else {
                return fail(
                    "its agent speaks protocol \(identity.protocolVersion), this program \(AgentIdentity.currentProtocol):"
                        + " install the same version on both", now: now)
            }
        }
        if let ticket = call.ticket { return [.completed(ticket: ticket, result)] }
        if case .failure(let failure) = result { return fail(failure.message, now: now) }
        return []
    }

    private mutating func fail(_ reason: String, now: Double) -> [Action] {
        [.close] + ended(reason.madeSafe(limit: 300), now: now)
    }

    private mutating func ended(_ reason: String, now: Double) -> [Action] {
        isOpen = false
        failures += 1
        retryAt = now + min(0.25 * Double(1 << min(failures, 6)), 10)
        let silence = lastHeard.map { now - $0 } ?? .infinity
        return change(to: silence > unreachableAfter ? .unreachable : .stale, reason)
            + pending.removeAll().map { .completed(ticket: $0, .failure(Self.lost(reason))) }
    }

    private mutating func expire(now: Double) -> [Action] {
        pending.removeOverdue(now: now).map { ticket in
            .completed(ticket: ticket, .failure(Self.lost("the agent did not answer in time")))
        }
    }

    private mutating func change(to state: NodeState, _ reason: String?) -> [Action] {
        guard state != self.state || reason != self.reason else { return [] }
        self.state = state
        self.reason = reason
        return [.stateChanged]
    }

    /// An answer that did not come: whether the call was carried out is not known.
    private static func lost(_ message: String) -> AgentFailure {
        AgentFailure(code: .lost, message: message)
    }
}
