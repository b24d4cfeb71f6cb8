import AgentProtocol
import ClusterModel
import Planning
import Wording

/// Carries a plan out over a cluster's nodes and reads the kernels again at the end.
public final class PlanRunner {
    private let calls: any NodeCalls
    private let timeout: Double
    private let recorder: (any PlanRecorder)?
    private var execution: PlanExecution
    private var intended = 0
    private var unwritten: [StepID] = []
    private var isTellingLater = false
    /// When it began, in seconds of the calls' clock.
    private var begun = 0.0

    /// So many seconds a node has to make or remove its tables.
    private static let membershipTimeout = 30.0
    /// So long, in seconds, nothing is written or shown while buckets may be without an owner; a node hangs after that.
    private static let longestPress = 0.5

    /// Called after every change of a step; let go at the end.
    public var onProgress: ((PlanExecution) -> Void)?
    /// Called once, at the end, and let go then.
    public var onEnd: ((PlanOutcome) -> Void)?
    /// Who carries it out, as the nodes are to log it; nil: they are not told.
    public var who: String?

    /// A runner of a plan; each request may take this many seconds, or as many as the cluster's size asks for.
    public convenience init(
        plan: Plan, calls: any NodeCalls, options: PlanExecution.Options = .init(),
        recorder: (any PlanRecorder)? = nil, timeout: Double? = nil
    ) {
        self.init(PlanExecution(plan: plan, options: options), calls: calls, recorder: recorder, timeout: timeout)
    }

    /// A runner of an execution that has not begun, such as one that completes another plan.
    public init(
        _ execution: PlanExecution, calls: any NodeCalls, recorder: (any PlanRecorder)? = nil, timeout: Double? = nil
    ) {
        self.recorder = recorder
        self.calls = calls
        self.timeout = timeout ?? KernelReader.patience(buckets: execution.plan.bucketCount)
        self.execution = execution
    }

    /// Begins.
    ///
    /// - Throws: when the plan cannot be written down; nothing is done then.
    public func start() throws(PlanRecorderError) {
        try recorder?.begin(execution.plan)
        begun = calls.seconds
        perform(execution.begin())
    }

    /// Starts nothing new.
    public func stop() { perform(execution.stop()) }

    /// Does what the execution wants, first of all what it sends: between a release and its claim nobody answers, and
    /// neither a screen nor a disk may make that time longer, not even by keeping the processor that an agent wakes up on.
    private func perform(_ actions: [PlanExecution.Action]) {
        intend()
        for case .send(let id) in actions { send(id) }
        if execution.isPressed { tellLater() } else { tell() }
        for action in actions {
            switch action {
            case .send: break
            case .ask(let question): ask(question)
            case .wake(let timer, let seconds):
                calls.after(seconds) { [self] in perform(execution.fired(timer)) }
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
        calls.after(Self.longestPress) { [self] in if isTellingLater { tell() } }
    }

    /// Writes down every step that may come, before the first is sent.
    private func intend() {
        guard execution.isReadyToSend, intended < execution.steps.count else { return }
        recorder?.intend(Array(execution.steps[intended...]))
        intended = execution.steps.count
    }

    private func send(_ id: StepID) {
        guard let call = execution.call(id) else { return }
        // Tables of many buckets take their time.
        let timeout = id.role.isMembership ? max(timeout, Self.membershipTimeout) : timeout
        calls.call(who.map { noted(call, $0) } ?? call, on: id.node, timeout: timeout) { [self] result in
            lookForReturned()
            let wasOver = execution.steps.progress(of: id)?.isOver == true
            let actions = execution.answered(id, result)
            if !wasOver, execution.steps.progress(of: id)?.isOver == true { unwritten.append(id) }
            perform(actions)
        }
    }

    private func noted(_ call: AgentCall, _ who: String) -> AgentCall {
        let plan = execution.plan
        return .noted(
            call, OperationNote(who: who, title: plan.title, reason: plan.reason, emptied: plan.kind.emptied))
    }

    /// Has nothing more claimed when a node answers that an operator has said to be dead.
    private func lookForReturned() {
        guard let node = execution.vouchedFor.first(where: { calls.hasHeard($0, since: begun) }) else { return }
        let actions = execution.nodeReturned(node)
        if !actions.isEmpty { perform(actions) }
    }

    private func writeConclusions() {
        guard !unwritten.isEmpty else { return }
        recorder?.conclude(unwritten.compactMap { execution.steps[$0] })
        unwritten = []
    }

    private func ask(_ question: PlanExecution.Question) {
        let address = execution.plan.address
        switch question {
        case .marks(let node):
            calls.call(.operations(address), on: node, timeout: timeout) { [self] in
                lookForReturned()
                perform(execution.answered(question, $0))
            }
        case .connections(let node):
            calls.call(.connections(address), on: node, timeout: timeout) { [self] in
                perform(execution.answered(question, $0))
            }
        }
    }

    private func readAgain() {
        recorder?.end(Array(execution.steps), execution.result)
        let plan = execution.plan
        KernelReader(calls, timeout: timeout).read(plan.address, nodes: Recovery.nodes(of: plan)) {
            [self] found in
            let onEnd = onEnd
            // Handlers often hold the runner itself.
            (self.onEnd, onProgress) = (nil, nil)
            onEnd?(
                PlanOutcome(
                    steps: Array(execution.steps), connectionsLeft: execution.connectionsLeft,
                    recovery: Recovery(plan: plan, kernels: found.kernels, bare: found.bare),
                    after: found.kernels.mapValues(\.ownership), bare: found.bare))
        }
    }
}
