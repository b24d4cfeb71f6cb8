import AgentProtocol
import ClusterModel
import Planning

/// A plan that is carried out.
///
/// It is a pure state machine: the nodes' answers and timers go in, actions come out. Its phases are members, ask, guard,
/// release, claim and close; a step is sent as soon as the steps that it needs are done. A request whose answer is lost is
/// sent again.
public struct PlanExecution: Sendable {
    /// How often a request is sent before its outcome counts as unknown.
    public static let attempts = 4

    /// The plan.
    public let plan: Plan
    /// What is done beyond the plan's steps.
    public let options: Options
    /// The plan's steps, and behind them what else the execution does.
    public private(set) var steps: StepTable

    private var asking: AskPhase
    private var guarding: GuardPhase
    private var releasing = ReleasePhase()
    private var claiming: ClaimPhase
    private var closing: ClosePhase
    private var isFinished = false

    /// An execution that has not begun.
    ///
    /// - Parameters:
    ///   - steps: what is carried out; nil: the plan's own steps.
    ///   - marks: which operation wrote each bucket's state, by node, when that was read before; nil: the nodes are asked
    ///     first.
    public init(
        plan: Plan, options: Options = Options(), steps: [PlanStep]? = nil, marks: [String: [Int: String]]? = nil
    ) {
        self.plan = plan
        self.options = options
        let steps = StepTable(steps ?? plan.steps)
        self.steps = steps
        asking =
            marks.map(AskPhase.init)
            ?? AskPhase(
                nodes: steps.filter { !$0.role.isMembership }.map(\.node)
                    + ClosePhase.owners(asideOf: plan, options), absent: plan.absent)
        guarding = GuardPhase(vouchedFor: plan.vouchedFor)
        claiming = ClaimPhase(plan)
        closing = ClosePhase(plan, options)
        if marks != nil { expectMarks() }
    }

    /// An execution of a plan that believes the marks which were read for it.
    public init(_ marked: MarkedPlan, options: Options = Options(), steps: [PlanStep]? = nil) {
        self.init(plan: marked.plan, options: options, steps: steps, marks: marked.marks)
    }

    // MARK: What happens

    /// Asks the nodes, or sends the first steps when nothing is to be asked.
    public mutating func begin() -> [Action] {
        advance()
    }

    /// Starts nothing new; what was released is still claimed, so that nobody is left without an owner.
    public mutating func stop() -> [Action] {
        releasing.stop()
        closing.stop(&steps)
        if !asking.isOver { steps.skipWaiting(.stopped) }
        asking.stop()
        return advance()
    }

    /// Takes that a node answers for which the operator's word stands: what nobody released for this plan is not claimed any
    /// more.
    public mutating func nodeReturned(_ node: String) -> [Action] {
        !steps.isOver && guarding.take(returnOf: node) ? advance() : []
    }

    /// Takes the answer to a question.
    public mutating func answered(_ question: Question, _ result: Result<AgentResult, AgentFailure>) -> [Action] {
        switch question {
        case .marks(let node):
            switch asking.take(result, from: node) {
            case .waiting: return []
            case .again(let pause): return [.wake(.ask(question), after: pause)]
            case .complete: expectMarks()
            case .askAbsent(let nodes): return nodes.map { .ask(.marks($0)) }
            case .failed(let failure): steps.skipWaiting(failure)
            }
            return advance()
        case .connections(let node):
            if let actions = closing.take(result, from: node, steps) { return actions }
            return advance()
        }
    }

    /// Takes the answer to a step's request.
    public mutating func answered(_ id: StepID, _ result: Result<AgentResult, AgentFailure>) -> [Action] {
        guard case .running(let attempt)? = steps.progress(of: id), let action = steps[id]?.step.action else {
            return []
        }
        switch result {
        case _ where isDone(action, result): steps.set(id, .done)
        case .success(.step(.refused(let mismatches))):
            claiming.take(mismatches, of: id)
            // After a lost answer the step may have been made, and changed by others since.
            let failure = StepFailure.mismatch(mismatches.first)
            steps.set(id, attempt == 1 ? .refused(failure) : .unknown(failure))
        case .success: steps.set(id, .unknown(.oddAnswer))
        case .failure(let failure) where attempt > 1 || failure.isWorthAnother:
            // A copy of the request may still be under way, or have been carried out, in part if it came too late.
            guard attempt < Self.attempts else {
                steps.set(id, .unknown(.agent(failure.message)))
                break
            }
            steps.set(id, .running(attempt: attempt + 1))
            return [.wake(.resend(id), after: Self.pause(attempt))]
        case .failure(let failure): steps.set(id, .refused(.agent(failure.message)))
        }
        return advance()
    }

    /// Takes a timer that was asked for.
    public mutating func fired(_ timer: Timer) -> [Action] {
        switch timer {
        case .resend(let id):
            guard case .running? = steps.progress(of: id) else { return [] }
            return [.send(id)]
        case .ask(let question):
            return isFinished ? [] : [.ask(question)]
        case .closing(let ended):
            guard closing.wait == ended else { return [] }
            closing.endWait(&steps, marks: asking.marks)
            return advance()
        }
    }

    // MARK: What follows

    /// Sends what can be sent now, skips what cannot be sent any more, and closes the plan when all is over.
    private mutating func advance() -> [Action] {
        guard asking.isOver || steps.isOver else { return prepare() }
        if closing.isToBegin, !releasing.isStopped, !steps.isOver {
            let waiting = closing.begin(steps)
            return advance() + waiting
        }
        for step in claiming.givingBack(steps) { steps.append(step) }
        let actions = sendReady()
        guard steps.isOver, !isFinished else { return actions }
        let next = closing.next(&steps, isStopped: releasing.isStopped)
        if !next.isEmpty { return actions + next }
        isFinished = true
        return actions + [.finished]
    }

    /// Changes who is a member, and asks the members when that is done.
    private mutating func prepare() -> [Action] {
        let actions = sendReady(where: \.isMembership)
        guard MemberPhase.isOver(steps), !asking.hasBegun else { return actions }
        guard let obstacle = MemberPhase.obstacle(steps) else {
            return actions + asking.begin().map { .ask(.marks($0)) }
        }
        asking.stop()
        steps.skipWaiting(obstacle)
        return actions + advance()
    }

    /// Sends the steps that wait for nothing any more, and skips those that must not be sent.
    private mutating func sendReady(where isMeant: (StepRole) -> Bool = { _ in true }) -> [Action] {
        var actions: [Action] = []
        for id in steps.ids(where: { $0 == .waiting }) where !closing.held.contains(id) && isMeant(id.role) {
            guard let step = steps[id]?.step else { continue }
            if let failure = obstacle(to: step) {
                steps.set(id, .skipped(failure))
            } else if steps.isReady(step) {
                steps.set(id, .running(attempt: 1))
                actions.append(.send(id))
            }
        }
        return actions
    }

    private func isDone(_ action: StepAction, _ result: Result<AgentResult, AgentFailure>) -> Bool {
        switch (action, result) {
        case (.change, .success(.step(.applied))), (.dropConnections, .success(.dropped)): true
        case (.membership(_, let change), _): MemberPhase.isDone(change, result)
        case (.enroll, .success(.done)): true
        default: false
        }
    }

    /// Why a step must not be sent any more; nil when it may.
    private func obstacle(to step: PlanStep) -> StepFailure? {
        if let failure = releasing.obstacle(to: step) ?? guarding.obstacle(to: step) { return failure }
        for need in step.needs {
            guard let progress = steps.progress(of: need), progress.isOver, progress != .done else { continue }
            let isKnown = if case .unknown = progress { false } else { true }
            switch need.role {
            case .guard: return .unconfirmed(node: need.node, isKnown: isKnown)
            case let role where role.isMembership: return .notAdmitted(node: need.node, isKnown: isKnown)
            default: return .unreleased(node: need.node, isKnown: isKnown)
            }
        }
        return nil
    }

    /// Fills in which operations must have written what the plan's first steps find; claims expect the plan's own guard.
    private mutating func expectMarks() {
        for status in steps where status.role != .claim {
            steps.set(status.id, changes: status.step.changes.map { asking.expecting($0, on: status.node) })
        }
    }

    /// How long to wait before a request is sent again, in seconds.
    static func pause(_ attempt: Int) -> Double { 0.1 * Double(1 << attempt) }
}

extension PlanExecution {
    /// The request of a step; nil when there is none of that name.
    public func call(_ id: StepID) -> AgentCall? {
        switch steps[id]?.step.action {
        case .change(let request): .apply(request)
        case .dropConnections(let address, let buckets): .dropConnections(address, buckets)
        case .membership(let address, let change): MemberPhase.call(change, address, members: plan.roster?.names ?? [])
        case .enroll(let address, let names, let gone): .enroll(address, adding: names, removing: gone)
        case nil: nil
        }
    }

    /// What is waited for now; nil while steps are carried out.
    public var wait: PlanWait? { closing.wait }

    /// While buckets drain: live connections left, by node and bucket.
    public var connectionsLeft: [String: [Int: Int]] { closing.connectionsLeft }

    /// The nodes for which the operator's word stands; it must hold until the plan has ended.
    public var vouchedFor: Set<String> { guarding.vouchedFor }

    /// Whether the nodes have said what the steps must know of them.
    var isReadyToSend: Bool { asking.isOver }

    /// Whether buckets may be without an owner: a release was sent, and its claim is not over.
    var isPressed: Bool { ClaimPhase.isPressed(steps) }

    /// What it has come to so far.
    public var result: PlanResult { PlanResult(steps, of: plan) }
}
