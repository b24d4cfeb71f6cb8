import AgentProtocol
import ClusterModel
import Observation
import Planning

/// Carries a plan out over a fleet and reads the kernels again at the end.
public final class PlanRunner {
    /// What a plan came to.
    public struct Outcome: Sendable {
        /// The execution, with the state of every step.
        public var execution: PlanExecution
        /// Ownership as the nodes' kernels hold it afterwards, by name; a node that could not be read is missing.
        public var after: [String: Ownership]

        /// Whether every step was done and every kernel shows it.
        public var isConfirmed: Bool {
            execution.succeeded
                && execution.plan.nodes.allSatisfy { name in
                    guard let found = after[name], let expected = execution.plan.after[name] else { return false }
                    return execution.plan.buckets.allSatisfy { found.state(of: $0) == expected.state(of: $0) }
                }
        }
    }

    private let fleet: Fleet
    private let timeout: Double
    private let recorder: (any PlanRecorder)?
    private var execution: PlanExecution
    private var after: [String: Ownership] = [:]
    private var unread = 0

    /// Called after every change of a step.
    public var onProgress: ((PlanExecution) -> Void)?
    /// Called once, at the end.
    public var onEnd: ((Outcome) -> Void)?

    /// A runner of a plan; each request may take this many seconds.
    public init(plan: Plan, fleet: Fleet, recorder: (any PlanRecorder)? = nil, timeout: Double = 2) {
        self.recorder = recorder
        self.fleet = fleet
        self.timeout = timeout
        execution = PlanExecution(plan: plan)
    }

    /// Begins.
    ///
    /// - Throws: when the plan cannot be written down; nothing is done then.
    public func start() throws(PlanRecorderError) {
        try recorder?.begin(execution.plan)
        perform(execution.begin())
    }

    /// Starts nothing new.
    public func abort() { perform(execution.abort()) }

    private func perform(_ actions: [PlanExecution.Action]) {
        onProgress?(execution)
        for action in actions {
            switch action {
            case .send(let index): send(index)
            case .finished: readAgain()
            }
        }
    }

    private func send(_ index: Int) {
        let step = execution.entries[index].step
        recorder?.intend(index, execution.entries[index])
        guard let node = fleet.names.firstIndex(of: step.node) else {
            let failure = AgentFailure(code: "unsent", message: "there is no node \(step.node)")
            return perform(execution.answered(index, .failure(failure)))
        }
        fleet.call(.apply(step.request), node: node, timeout: timeout) { [self] result in
            let actions = execution.answered(index, result)
            if execution.entries[index].state.isOver { recorder?.conclude(index, execution.entries[index]) }
            perform(actions)
        }
    }

    private func readAgain() {
        recorder?.end(execution)
        let nodes = fleet.names.enumerated().filter { execution.plan.nodes.contains($0.element) }
        unread = nodes.count
        for (index, name) in nodes {
            fleet.call(.snapshot, node: index, timeout: timeout) { [self] result in
                if case .success(.sample(let wire)) = result {
                    after[name] = wire.clusters.first { $0.address == execution.plan.address }?.ownership
                }
                unread -= 1
                if unread == 0 { onEnd?(Outcome(execution: execution, after: after)) }
            }
        }
    }
}
