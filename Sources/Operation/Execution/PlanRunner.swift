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
        /// Where each bucket is, as the kernels hold it afterwards.
        public var recovery: Recovery
        /// Ownership as the nodes' kernels hold it afterwards, by name; a node that could not be read is missing.
        public var after: [String: Ownership]
        /// The nodes that were read and have no table any more.
        public var bare: Set<String>

        /// Whether every step was done and every kernel shows it.
        public var isConfirmed: Bool {
            execution.succeeded && recovery.places.values.allSatisfy { $0 == .moved } && besides.isEmpty
                && abandoned.isEmpty
        }

        /// Buckets that the plan left alone and that nobody answers any more, by the node that did.
        ///
        /// Its table was flushed or edited meanwhile. What drains somewhere is under way in another plan.
        public var abandoned: [String: BucketSet] {
            let plan = execution.plan
            let held = after.values.reduce(BucketSet()) { $0.union($1.accepting).union($1.draining) }
                .union(BucketSet(plan.moves.map(\.bucket)))
            return bare.union(after.keys).reduce(into: [:]) { abandoned, name in
                let buckets = (plan.before[name]?.accepting ?? []).subtracting(held)
                if !buckets.isEmpty { abandoned[name] = buckets }
            }
        }

        /// Who answers buckets besides their new owners, each with those buckets: another program's work.
        public var besides: [String: BucketSet] {
            execution.plan.moves.reduce(into: [:]) { besides, move in
                guard recovery.places[move.bucket] == .moved else { return }
                for (name, ownership) in after where name != move.to && ownership.accepting.contains(move.bucket) {
                    besides[name] = (besides[name] ?? []).union([move.bucket])
                }
            }
        }
    }

    private let fleet: Fleet
    private let timeout: Double
    private let recorder: (any PlanRecorder)?
    private var execution: PlanExecution
    private var intended = 0
    private var unwritten: [Int] = []
    private var isTellingLater = false
    /// When it began, in seconds of the fleet's clock.
    private var begun = 0.0

    /// So long, in seconds, nothing is written or shown while buckets may be without an owner; a node hangs after that.
    private static let longestPress = 0.5

    /// Called after every change of a step; let go at the end.
    public var onProgress: ((PlanExecution) -> Void)?
    /// Called once, at the end, and let go then.
    public var onEnd: ((Outcome) -> Void)?

    /// A runner of a plan; each request may take this many seconds.
    public convenience init(
        plan: Plan, fleet: Fleet, options: PlanExecution.Options = .init(), recorder: (any PlanRecorder)? = nil,
        timeout: Double = 2
    ) {
        self.init(PlanExecution(plan: plan, options: options), fleet: fleet, recorder: recorder, timeout: timeout)
    }

    /// A runner of an execution that has not begun, such as one that completes another plan.
    public init(
        _ execution: PlanExecution, fleet: Fleet, recorder: (any PlanRecorder)? = nil, timeout: Double = 2
    ) {
        self.recorder = recorder
        self.fleet = fleet
        self.timeout = timeout
        self.execution = execution
    }

    /// Begins.
    ///
    /// - Throws: when the plan cannot be written down; nothing is done then.
    public func start() throws(PlanRecorderError) {
        try recorder?.begin(execution.plan)
        begun = fleet.seconds
        perform(execution.begin())
    }

    /// Starts nothing new.
    public func abort() { perform(execution.abort()) }

    /// Does what the execution wants, first of all what it sends: between a release and its claim nobody answers, and
    /// neither a screen nor a disk may make that time longer, not even by keeping the processor that an agent wakes up on.
    private func perform(_ actions: [PlanExecution.Action]) {
        intend()
        for case .send(let index) in actions { send(index) }
        if execution.isPressed { tellLater() } else { tell() }
        for action in actions {
            switch action {
            case .send: break
            case .ask(let question): ask(question)
            case .wake(let timer, let seconds):
                fleet.after(seconds) { [self] in perform(execution.fired(timer)) }
            case .finished: readAgain()
            }
        }
    }

    /// Writes down what became of steps, and has it shown.
    private func tell() {
        isTellingLater = false
        writeConclusions()
        onProgress?(execution)
    }

    /// The same a while later, unless the execution goes on before.
    private func tellLater() {
        guard !isTellingLater else { return }
        isTellingLater = true
        fleet.after(Self.longestPress) { [self] in if isTellingLater { tell() } }
    }

    /// Writes down every step that may come, before the first is sent.
    private func intend() {
        guard execution.isReadyToSend else { return }
        guard intended < execution.entries.count else { return }
        recorder?.intend(numbered(intended..<execution.entries.count))
        intended = execution.entries.count
    }

    private func send(_ index: Int) {
        call(execution.call(index), node: execution.entries[index].step.node) { [self] result in
            lookForReturned()
            let wasOver = execution.entries[index].state.isOver
            let actions = execution.answered(index, result)
            if !wasOver, execution.entries[index].state.isOver { unwritten.append(index) }
            perform(actions)
        }
    }

    /// Has nothing more claimed when a node answers that an operator has said to be dead.
    private func lookForReturned() {
        guard let node = execution.vouchedFor.first(where: { fleet.hasHeard($0, since: begun) }) else { return }
        let actions = execution.nodeReturned(node)
        if !actions.isEmpty { perform(actions) }
    }

    private func writeConclusions() {
        guard !unwritten.isEmpty else { return }
        recorder?.conclude(numbered(unwritten))
        unwritten = []
    }

    private func numbered(_ indices: some Sequence<Int>) -> [(index: Int, entry: PlanExecution.Entry)] {
        indices.map { ($0, execution.entries[$0]) }
    }

    private func ask(_ question: PlanExecution.Question) {
        let address = execution.plan.address
        switch question {
        case .authors(let node):
            call(.operations(address), node: node) { [self] in
                lookForReturned()
                perform(execution.answered(question, $0))
            }
        case .connections(let node):
            call(.connections(address), node: node) { [self] in perform(execution.answered(question, $0)) }
        }
    }

    private func call(
        _ call: AgentCall, node: String, completion: @escaping (Result<AgentResult, AgentFailure>) -> Void
    ) {
        guard let index = fleet.names.firstIndex(of: node) else {
            return completion(.failure(AgentFailure(code: .unsent, message: "there is no node \(node)")))
        }
        fleet.call(call, node: index, timeout: timeout, completion: completion)
    }

    private func readAgain() {
        recorder?.end(execution)
        let plan = execution.plan
        KernelReader(fleet: fleet, timeout: timeout).read(plan.address, nodes: Recovery.nodes(of: plan)) {
            [self] found in
            let onEnd = onEnd
            // Handlers often hold the runner itself.
            (self.onEnd, onProgress) = (nil, nil)
            onEnd?(
                Outcome(
                    execution: execution, recovery: Recovery(plan: plan, kernels: found.kernels),
                    after: found.kernels.mapValues(\.ownership), bare: found.bare))
        }
    }
}
