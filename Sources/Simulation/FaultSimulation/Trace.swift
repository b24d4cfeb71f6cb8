import AgentProtocol
import ClusterModel

/// Something that happened in a run, for people.
public struct TraceEvent: Hashable, Sendable, CustomStringConvertible {
    /// To whom it happened.
    public enum Subject: Hashable, Sendable {
        /// The cluster as a whole.
        case world
        /// A node, by name.
        case node(String)
        /// An operator, 0 or 1.
        case person(Int)
    }

    /// The time of the run, in nanoseconds.
    public var time: UInt64
    /// To whom it happened.
    public var subject: Subject
    /// What happened.
    public var text: String

    /// A line: time in seconds, subject, what happened.
    public var description: String {
        let milliseconds = time / 1_000_000
        let seconds = String(milliseconds / 1000)
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        return String(repeating: " ", count: max(3 - seconds.utf8.count, 0)) + "\(seconds).\(fraction)  \(name)\(text)"
    }

    private var name: String {
        let name =
            switch subject {
            case .world: ""
            case .node(let name): name
            case .person(let index): "console \(index + 1)"
            }
        return name + String(repeating: " ", count: max(11 - name.utf8.count, 1))
    }
}

/// Calls and answers in words, for the trace of a run.
enum TraceText {
    static func call(_ call: AgentCall) -> String {
        switch call {
        case .apply(let step): "\(step.operation): " + step.changes.map(change).joined(separator: ", ")
        case .dropConnections(_, let buckets): "forget the connections of \(buckets.description)"
        default: call.method
        }
    }

    private static func change(_ change: StepRequest.Change) -> String {
        let from = change.from?.rawValue ?? "none"
        let writer = change.by.map { $0.isEmpty ? " of nobody" : " of \($0)" } ?? ""
        guard change.from != change.to else { return "\(change.bucket) stays \(from)\(writer)" }
        return "\(change.bucket) \(from)\(writer) → \(change.to?.rawValue ?? "none")"
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
