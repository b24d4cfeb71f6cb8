import ClusterModel
import Execution
import Planning

/// A journal's record of one plan, kept where no fault of a proof reaches it.
final class ProofRecord: PlanRecorder {
    let plan: Plan
    private(set) var concluded: [Int: PlanExecution.Entry] = [:]
    private(set) var isEnded = false
    /// Whether somebody has looked after the plan since its operator died.
    var isSettled = false
    let problem: String? = nil
    private let onWrite: () -> Void

    init(_ plan: Plan, onWrite: @escaping () -> Void) {
        self.plan = plan
        self.onWrite = onWrite
    }

    func begin(_ plan: Plan) {}
    func intend(_ entries: [(index: Int, entry: PlanExecution.Entry)]) { onWrite() }

    func conclude(_ entries: [(index: Int, entry: PlanExecution.Entry)]) {
        for (index, entry) in entries { concluded[index] = entry }
        onWrite()
    }

    func end(_ execution: PlanExecution) {
        for (index, entry) in execution.entries.enumerated() { concluded[index] = entry }
        isEnded = true
    }

    /// What the record says and the kernels' history denies; nil when it tells the truth.
    func lie(_ written: Set<ProofWrite>) -> String? {
        for entry in concluded.values where entry.part != .dropping {
            let writes = entry.step.request.changes.map {
                ProofWrite(node: entry.step.node, operation: entry.step.request.operation, bucket: $0.bucket, to: $0.to)
            }
            switch entry.state {
            case .done:
                if let missing = writes.first(where: { !written.contains($0) }) {
                    return "the journal says that \(missing) was done, and no kernel ever had it"
                }
            case .refused, .skipped:
                // A guard changes nobody's state: a late copy of one that was refused is no change either.
                if entry.part != .guarding, let made = writes.first(where: { written.contains($0) }) {
                    return "the journal says that \(made) was not done, and the kernel had it"
                }
            case .waiting, .running, .unknown: break
            }
        }
        return nil
    }
}

/// One change that a kernel accepted.
struct ProofWrite: Hashable, CustomStringConvertible {
    var node: String
    var operation: String
    var bucket: Int
    var to: BucketState?

    var description: String { "bucket \(bucket) → \(to?.rawValue ?? "not owned") on \(node) by \(operation)" }
}
