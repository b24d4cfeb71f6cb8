import AgentProtocol
import ClusterModel
import Planning

/// A plan being carried out: release before claim, and only who released may claim.
///
/// A pure state machine: `begin` and the nodes' answers go in, requests come out. A request whose answer is lost is sent
/// again: a step is a compare-and-set that carries its operation's id, so doing it twice does it once. A claim that is
/// surely refused gives its buckets back to the node that released them; one that may have been carried out does not.
public struct PlanExecution: Sendable {
    /// One step and how far it has come.
    public struct Entry: Hashable, Sendable {
        /// The step.
        public var step: PlanStep
        /// How far it has come.
        public var state: StepState
        /// Whether it is no part of the plan, but gives back what could not be claimed.
        public var isGivingBack = false
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Send the request of the entry at this index to its node, and report the answer.
        case send(Int)
        /// Nothing more is to come; read the kernels again.
        case finished
    }

    /// How often a request is sent before its outcome counts as unknown.
    public static let attempts = 3

    /// The plan.
    public let plan: Plan
    /// Its steps in order, with those that give back at the end.
    public private(set) var entries: [Entry]
    private var isAborted = false

    /// An execution that has not begun.
    public init(plan: Plan) {
        self.plan = plan
        entries = plan.steps.map { Entry(step: $0, state: .waiting) }
    }

    /// Sends the first steps.
    public mutating func begin() -> [Action] { advance() }

    /// Starts nothing new; what was released is still claimed, so that nobody is left without an owner.
    public mutating func abort() -> [Action] {
        isAborted = true
        return advance()
    }

    /// Takes the answer to the request at an index.
    public mutating func answered(_ index: Int, _ result: Result<AgentResult, AgentFailure>) -> [Action] {
        guard case .running(let attempt) = entries[index].state else { return [] }
        switch result {
        case .success(.step(.applied)):
            entries[index].state = .done
        case .success(.step(.refused(let mismatches))):
            entries[index].state = .refused(mismatches.first.map(Self.text) ?? "the node refused")
        case .success:
            entries[index].state = .unknown("the agent answered something else")
        case .failure(let failure) where failure.leavesOutcomeUnknown || (failure.code == "unsent" && attempt > 1):
            guard attempt < Self.attempts else {
                entries[index].state = .unknown(failure.message)
                break
            }
            entries[index].state = .running(attempt: attempt + 1)
            return [.send(index)]
        case .failure(let failure):
            entries[index].state = .refused(failure.message)
        }
        return advance()
    }

    /// Whether every step is over.
    public var isOver: Bool { entries.allSatisfy(\.state.isOver) }

    /// Whether every step of the plan was done.
    public var succeeded: Bool { entries.allSatisfy { $0.state == .done && !$0.isGivingBack } }

    private mutating func advance() -> [Action] {
        giveBackRefused()
        var actions: [Action] = []
        for index in entries.indices where entries[index].state == .waiting {
            if let reason = obstacle(to: entries[index].step) {
                entries[index].state = .skipped(reason)
            } else if isReady(entries[index].step) {
                entries[index].state = .running(attempt: 1)
                actions.append(.send(index))
            }
        }
        return isOver ? actions + [.finished] : actions
    }

    private func release(of node: String) -> Entry? {
        entries.first { $0.step.purpose == .release && $0.step.node == node }
    }

    private func isReady(_ step: PlanStep) -> Bool {
        step.after.allSatisfy { release(of: $0)?.state == .done }
    }

    private func obstacle(to step: PlanStep) -> String? {
        if isAborted, step.purpose == .release { return "stopped before it began" }
        for node in step.after {
            switch release(of: node)?.state {
            case .refused, .skipped: return "\(node) did not release"
            case .unknown: return "it is not known whether \(node) released"
            default: break
            }
        }
        return nil
    }

    private mutating func giveBackRefused() {
        for entry in entries where entry.step.purpose == .claim && !entry.isGivingBack {
            guard case .refused = entry.state, let source = entry.step.after.first else { continue }
            let isUnderWay = entries.contains { other in
                other.isGivingBack && other.step.node == source
                    && Set(other.step.request.changes.map(\.bucket)) == Set(entry.step.request.changes.map(\.bucket))
            }
            if !isUnderWay { entries.append(givingBack(entry.step, to: source)) }
        }
    }

    private func givingBack(_ claim: PlanStep, to source: String) -> Entry {
        let released = release(of: source)?.step.request.changes ?? []
        let changes = claim.request.changes.compactMap { change in
            released.first { $0.bucket == change.bucket }.map { release in
                StepRequest.Change(bucket: change.bucket, from: release.to, to: release.from)
            }
        }
        let request = StepRequest(operation: plan.operation + "-back", address: plan.address, changes: changes)
        return Entry(
            step: PlanStep(node: source, purpose: .claim, request: request), state: .waiting, isGivingBack: true)
    }

    private static func text(_ mismatch: StepOutcome.Mismatch) -> String {
        "bucket \(mismatch.bucket) was expected \(mismatch.expected?.rawValue ?? "not owned") and is "
            + (mismatch.found?.rawValue ?? "not owned")
            + (mismatch.writtenBy.map { ", written by \($0.madeSafe(limit: 64))" } ?? "")
    }
}
