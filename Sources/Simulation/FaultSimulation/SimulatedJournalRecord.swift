import AgentProtocol
import ClusterModel
import Execution
import Planning

/// A journal's record of one plan, kept where no fault reaches it.
final class SimulatedJournalRecord: PlanRecorder {
    let plan: Plan
    /// What was written down as about to be done.
    private(set) var intended: Set<KernelWrite> = []
    /// Steps as they were written down last, in the order in which they came up.
    private var steps: [StepStatus] = []
    private(set) var isEnded = false
    /// Whether somebody has looked after the plan since its operator died.
    var isResolved = false
    let problem: String? = nil
    private unowned let console: SimulatedOperator

    init(_ plan: Plan, console: SimulatedOperator) {
        self.plan = plan
        self.console = console
    }

    func begin(_ plan: Plan) { written("writing the plan") }

    func intend(_ steps: [StepStatus]) {
        guard !console.isDying else { return }
        for status in steps { write(status) }
        written("writing intents")
    }

    func conclude(_ steps: [StepStatus]) {
        guard !console.isDying else { return }
        for status in steps { write(status) }
        written("writing outcomes")
    }

    func end(_ steps: [StepStatus], _ result: PlanResult) {
        guard !console.isDying else { return }
        self.steps = steps
        isEnded = true
    }

    /// What the step does that a call makes.
    func part(of call: AgentCall) -> String? {
        switch call {
        case .apply(let request):
            steps.first { $0.step.action == .change(request) }.map(\.role.rawValue)
        case .dropConnections: StepRole.drop.rawValue
        default: nil
        }
    }

    /// Writes a step down, and with it what it is to change, or has changed.
    private func write(_ status: StepStatus) {
        if let place = steps.firstIndex(where: { $0.id == status.id }) {
            let isKnown = steps[place].step.action == status.step.action
            steps[place] = status
            if isKnown { return }
        } else {
            steps.append(status)
        }
        for write in Self.writes(status) { intended.insert(write) }
    }

    /// The process may die after any line.
    private func written(_ moment: String) {
        if console.world.happens(onceIn: console.world.profile.consoleDeathOnceIn) { console.die("after \(moment)") }
    }

    private static func writes(_ status: StepStatus) -> [KernelWrite] {
        guard case .change(let request) = status.step.action else { return [] }
        return request.changes.map {
            KernelWrite(node: status.node, operation: request.operation, bucket: $0.bucket, to: $0.to)
        }
    }

    /// What the record says and the kernels' history denies; nil when it tells the truth.
    ///
    /// What somebody else wrote carries no mark: there a late copy cannot be told from a new request. A step is judged as a
    /// whole, so one such bucket is enough.
    func lie(_ made: Set<KernelWrite>, _ extraOwners: [Int]) -> String? {
        for status in steps where status.progress.isOver {
            let writes = Self.writes(status)
            switch status.progress {
            case .done:
                if let missing = writes.first(where: { !made.contains($0) }) {
                    return "the journal says that \(missing) was done, and no kernel ever had it"
                }
            case .refused, .skipped:
                // A guard changes nobody's state: a late copy of one that was refused is no change either.
                if status.role != .guard, writes.allSatisfy({ extraOwners[$0.bucket] == 0 }),
                    let write = writes.first(where: made.contains)
                {
                    return "the journal says that \(write) was not done, and the kernel had it"
                }
            case .waiting, .running, .unknown: break
            }
        }
        return nil
    }

    /// What the kernels would hold if the record were all the truth.
    var kernels: [String: Recovery.Kernel] {
        var kernels = plan.before.mapValues { Recovery.Kernel(ownership: $0, operations: [:]) }
        for status in steps where status.progress == .done {
            guard case .change(let request) = status.step.action else { continue }
            for change in request.changes {
                kernels[status.node]?.ownership.set(change.bucket, to: change.to)
                kernels[status.node]?.operations[change.bucket] = request.operation
            }
        }
        return kernels
    }
}

/// One change that a kernel accepted.
struct KernelWrite: Hashable, CustomStringConvertible {
    var node: String
    var operation: String
    var bucket: Int
    var to: BucketState?

    /// Few writes of an operation are of the same bucket.
    func hash(into hasher: inout Hasher) {
        hasher.combine(operation)
        hasher.combine(bucket)
    }

    var description: String { "bucket \(bucket) → \(to?.rawValue ?? "not owned") on \(node) by \(operation)" }
}
