import AgentProtocol
import ClusterModel

/// Calls and answers in words, for the trace of a run.
enum ProofText {
    static func call(_ call: AgentCall) -> String {
        switch call {
        case .apply(let step): "\(step.operation): " + step.changes.map(change).joined(separator: ", ")
        case .dropConnections(_, let buckets): "forget the connections of \(buckets.description)"
        default: call.method
        }
    }

    private static func change(_ change: StepRequest.Change) -> String {
        let from = change.from?.rawValue ?? "none"
        let author = change.by.map { $0.isEmpty ? " of nobody" : " of \($0)" } ?? ""
        guard change.from != change.to else { return "\(change.bucket) stays \(from)\(author)" }
        return "\(change.bucket) \(from)\(author) → \(change.to?.rawValue ?? "none")"
    }

    static func result(_ result: Result<AgentResult, AgentFailure>) -> String {
        switch result {
        case .success(.step(.applied)): "applied"
        case .success(.step(.refused(let mismatches))): "refused, " + (mismatches.first.map(found) ?? "for no reason")
        case .success(.dropped(let count)): "\(count) forgotten"
        case .success: "done"
        case .failure(let failure): "failed, " + failure.message
        }
    }

    private static func found(_ mismatch: StepOutcome.Mismatch) -> String {
        "bucket \(mismatch.bucket) is \(mismatch.found?.rawValue ?? "none") of \(mismatch.writtenBy ?? "nobody")"
    }
}
