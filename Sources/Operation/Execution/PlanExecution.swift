import AgentProtocol
import ClusterModel
import Planning

/// A plan being carried out: release before claim, and only who released may claim.
///
/// A pure state machine: `begin`, the nodes' answers and timers go in, actions come out. First every node that takes part
/// is asked who wrote what it holds; each step then names the author that it expects, so that a request which is
/// carried out late or twice does nothing. A request whose answer is lost is sent again. A claim that is surely refused
/// gives its buckets back to the node that released them; one that may have been carried out does not.
public struct PlanExecution: Sendable {
    /// How often a request is sent before its outcome counts as unknown.
    public static let attempts = 4

    /// The plan.
    public let plan: Plan
    /// What is done beyond the plan's steps.
    public let options: Options
    /// The plan's steps in order, and behind them what else the execution does.
    public internal(set) var entries: [Entry]
    /// While buckets drain: live connections left, by node and bucket.
    public internal(set) var connectionsLeft: [String: [Int: Int]] = [:]
    /// A mistake made on purpose, for tests that such mistakes are found.
    package var flaw: Flaw?

    /// The nodes for whose death the operator's word stands; it must hold until the plan has ended.
    public let vouchedFor: Set<String>
    var returned: String?
    var authors: [String: [Int: String]]
    var unasked: [String: Int] = [:]
    /// What is waited for now; nil while steps are carried out.
    public internal(set) var wait: Wait?
    var held: Set<Int> = []
    var isAborted = false
    var closingStage = ClosingStage.none
    private var isFinished = false

    /// An execution that has not begun.
    ///
    /// - Parameter authors: who wrote each bucket's state, by node, when that was read before; nil: the nodes are asked first.
    public init(plan: Plan, options: Options = Options(), authors: [String: [Int: String]]? = nil) {
        self.plan = plan
        self.options = options
        self.authors = authors ?? [:]
        let silent = Set(plan.risks.filter(\.mustBeForced).flatMap { $0.silent ?? [] })
        vouchedFor = options.vouchedFor.union(silent)
        entries = Self.entries(of: plan, vouchedFor: vouchedFor) + Self.closings(of: plan)
        if let authors {
            for index in entries.indices { expectAuthors(index, authors) }
        } else {
            let drained = (plan.closing ?? [:]).values.reduce(BucketSet()) { $0.union($1.draining) }
            let owners = plan.closing == nil || options.atDeadline == .keep ? [] : Array(owners(of: drained).keys)
            unasked = Dictionary((entries.map(\.step.node) + owners).map { ($0, 1) }) { first, _ in first }
        }
    }

    /// Asks the nodes, or sends the first steps when nothing is to be asked.
    public mutating func begin() -> [Action] {
        unasked.isEmpty ? advance() : unasked.keys.sorted().map { .ask(.authors($0)) }
    }

    /// Starts nothing new; what was released is still claimed, so that nobody is left without an owner.
    public mutating func abort() -> [Action] {
        isAborted = true
        for index in held { entries[index].state = .skipped("stopped before its time") }
        held = []
        if !unasked.isEmpty {
            for index in entries.indices { entries[index].state = .skipped("stopped before it began") }
        }
        unasked = [:]
        return advance()
    }

    /// Takes that a node answers for whose death the operator's word stands: what nobody released for this plan is not claimed
    /// any more.
    public mutating func nodeReturned(_ node: String) -> [Action] {
        guard vouchedFor.contains(node), returned == nil, !isOver else { return [] }
        returned = node
        return advance()
    }

    /// The request of the entry at an index.
    public func call(_ index: Int) -> AgentCall {
        let request = entries[index].step.request
        guard entries[index].part == .dropping else { return .apply(flaw == .anyAuthor ? request.byAnyone : request) }
        return .dropConnections(plan.address, BucketSet(request.changes.map(\.bucket)))
    }

    /// Takes the answer to the request at an index.
    public mutating func answered(_ index: Int, _ result: Result<AgentResult, AgentFailure>) -> [Action] {
        guard case .running(let attempt) = entries[index].state else { return [] }
        switch result {
        case .success(.step(.applied)), .success(.dropped):
            entries[index].state = .done
        case .success(.step(.refused(let mismatches))):
            // After a lost answer the step may have been made, and changed by others since.
            let reason = mismatches.first.map(Self.text) ?? "the node refused"
            let taken = mismatches.filter { $0.found?.acceptsNewFlows == true }.map(\.bucket)
            if flaw != .freshOperation { entries[index].taken = BucketSet(taken) }
            let isBelieved = attempt == 1 || flaw == .freshOperation || flaw == .retryBlindly
            entries[index].state = isBelieved ? .refused(reason) : .unknown(reason)
        case .success:
            entries[index].state = .unknown("the agent answered something else")
        case .failure(let failure) where attempt > 1 || failure.leavesOutcomeUnknown:
            // A copy of the request may still be under way, or have been carried out.
            guard attempt < Self.attempts else {
                entries[index].state = .unknown(failure.message)
                break
            }
            entries[index].state = .running(attempt: attempt + 1)
            if flaw == .freshOperation { entries[index].step.request.operation += "x" }
            return [.wake(.resend(index), after: Self.pause(attempt))]
        case .failure(let failure):
            entries[index].state = .refused(failure.message)
        }
        return advance()
    }

    /// Takes a timer that was asked for.
    public mutating func fired(_ timer: Timer) -> [Action] {
        switch timer {
        case .resend(let index):
            guard case .running = entries[index].state else { return [] }
            return [.send(index)]
        case .ask(let question):
            return isFinished ? [] : [.ask(question)]
        case .closing(let ended):
            return wait == ended ? endWaiting() : []
        }
    }

    /// Whether every step is over.
    public var isOver: Bool { entries.allSatisfy(\.state.isOver) }

    /// Whether every step of the plan was done; what closes it may have been left.
    public var succeeded: Bool {
        entries.allSatisfy { entry in
            if plan.closing == nil, entry.part.isClosing, case .skipped = entry.state { return true }
            return entry.state == .done && !entry.isGivingBack
        }
    }

    /// Whether surely no bucket has another state than before: at most the marks of guards were written.
    public var changedNothing: Bool {
        entries.allSatisfy { entry in
            switch entry.state {
            case .refused, .skipped: true
            case .done: entry.part == .guarding
            case .waiting, .running, .unknown: false
            }
        }
    }

    /// What drains or is adopted still, after all steps of the plan were done.
    public var unclosed: [Entry] { entries.filter { $0.part.isClosing && $0.state != .done } }

    /// The steps that were not done.
    public var remaining: [PlanStep] { entries.filter { $0.part == .planned && $0.state != .done }.map(\.step) }

    mutating func advance() -> [Action] {
        guard unasked.isEmpty || isOver else { return [] }
        if closingStage == .none, plan.closing != nil, !isAborted, !isOver { return beginClosing() }
        giveBackRefused()
        var actions: [Action] = []
        for index in entries.indices where entries[index].state == .waiting && !held.contains(index) {
            if let reason = obstacle(to: entries[index]) {
                entries[index].state = .skipped(reason)
            } else if isReady(entries[index]) {
                entries[index].state = .running(attempt: 1)
                actions.append(.send(index))
            }
        }
        guard isOver, !isFinished else { return actions }
        let closing = nextClosing()
        if !closing.isEmpty { return actions + closing }
        isFinished = true
        return actions + [.finished]
    }

    /// How long to wait before a request is sent again, in seconds.
    static func pause(_ attempt: Int) -> Double { 0.1 * Double(1 << attempt) }
}

extension StepRequest {
    /// The request without the authors it expects.
    fileprivate var byAnyone: Self {
        var request = self
        for index in request.changes.indices { request.changes[index].by = nil }
        return request
    }
}
