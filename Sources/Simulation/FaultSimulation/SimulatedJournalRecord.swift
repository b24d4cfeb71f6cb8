import AgentProtocol
import ClusterModel
import Execution
import Planning

/// A journal's record of one plan, kept where no fault reaches it.
final class SimulatedJournalRecord: PlanRecorder {
    let plan: Plan
    /// What was written down as about to be done.
    private(set) var intended: Set<KernelWrite> = []
    private var entries: [Int: PlanExecution.Entry] = [:]
    private(set) var concluded: [Int: PlanExecution.Entry] = [:]
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

    func intend(_ entries: [(index: Int, entry: PlanExecution.Entry)]) {
        guard !console.isDying else { return }
        for (index, entry) in entries {
            self.entries[index] = entry
            if mutant != .journalAfter { intended.formUnion(Self.writes(entry)) }
        }
        written("writing intents")
    }

    func conclude(_ entries: [(index: Int, entry: PlanExecution.Entry)]) {
        guard !console.isDying else { return }
        for (index, entry) in entries {
            intended.formUnion(Self.writes(entry))
            concluded[index] = said(entry)
        }
        written("writing outcomes")
    }

    func end(_ execution: PlanExecution) {
        guard !console.isDying else { return }
        for (index, entry) in execution.entries.enumerated() { concluded[index] = said(entry) }
        isEnded = true
    }

    /// The step that a call makes, in words.
    func part(of call: AgentCall) -> String? {
        switch call {
        case .apply(let step):
            entries.values.first { $0.step.request == step }.map {
                $0.part == .planned ? "a \($0.step.purpose.rawValue)" : "a \($0.part.rawValue) step"
            }
        case .dropConnections: "a dropping step"
        default: nil
        }
    }

    private var mutant: Mutant? { console.world.mutant }

    /// The process may die after any line.
    private func written(_ moment: String) {
        if console.world.happens(onceIn: console.world.profile.consoleDeathOnceIn) { console.die("after \(moment)") }
    }

    private func said(_ entry: PlanExecution.Entry) -> PlanExecution.Entry {
        guard mutant == .journalLies, case .refused = entry.state else { return entry }
        var entry = entry
        entry.state = .done
        return entry
    }

    private static func writes(_ entry: PlanExecution.Entry) -> [KernelWrite] {
        entry.step.request.changes.map {
            KernelWrite(node: entry.step.node, operation: entry.step.request.operation, bucket: $0.bucket, to: $0.to)
        }
    }

    /// What the record says and the kernels' history denies; nil when it tells the truth.
    ///
    /// What somebody else wrote carries no mark: there a late copy cannot be told from a new request. A step is judged as a
    /// whole, so one such bucket is enough.
    func lie(_ made: Set<KernelWrite>, _ extraOwners: [Int]) -> String? {
        for entry in concluded.values where entry.part != .dropping {
            let writes = Self.writes(entry)
            switch entry.state {
            case .done:
                if let missing = writes.first(where: { !made.contains($0) }) {
                    return "the journal says that \(missing) was done, and no kernel ever had it"
                }
            case .refused, .skipped:
                // A guard changes nobody's state: a late copy of one that was refused is no change either.
                if entry.part != .guarding, writes.allSatisfy({ extraOwners[$0.bucket] == 0 }),
                    let write = writes.first(where: made.contains)
                {
                    return "the journal says that \(write) was not done, and the kernel had it"
                }
            case .waiting, .running, .unknown: break
            }
        }
        return nil
    }

    /// What the kernels would hold if the record were all the truth: the mistake of `trustJournal`.
    var kernels: [String: Recovery.Kernel] {
        var kernels = plan.before.mapValues { Recovery.Kernel(ownership: $0, operations: [:]) }
        for (_, entry) in concluded.sorted(by: { $0.key < $1.key }) where entry.state == .done {
            for change in entry.step.request.changes {
                kernels[entry.step.node]?.ownership.set(change.bucket, to: change.to)
                kernels[entry.step.node]?.operations[change.bucket] = entry.step.request.operation
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
