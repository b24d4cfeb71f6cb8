import ClusterModel
import Planning

extension PlanStep {
    /// The step in words: "node1 releases 3,7: owned → draining".
    var words: String {
        switch role {
        case .guard: "\(node) confirms that it does not answer \(buckets)"
        case .release: "\(node) releases \(buckets): \(states)"
        case .drop: "\(node) forgets the connections of \(buckets)"
        case .claim: "\(node) claims \(buckets): \(states)\(afterWords)"
        case .giveBack: "\(node) takes back \(buckets)"
        case .endDrain: "\(node) ends draining \(buckets)"
        case .adopt: "\(node) begins to reset connections it does not know in \(buckets)"
        case .finalize: "\(node) ends resetting connections it does not know in \(buckets)"
        }
    }

    private var states: String {
        Set(changes.map { "\($0.from?.rawValue ?? "not owned") → \($0.to?.rawValue ?? "not owned")" }).sorted()
            .joined(separator: ", ")
    }

    private var afterWords: String {
        after.isEmpty ? "" : ", after \(after.joined(separator: " and ")) has released"
    }
}

extension StepStatus {
    /// What a closing step that was not done leaves, and why: "node1 still drains 3: 2 connections are left".
    var leftover: String {
        let rest =
            switch role {
            case .endDrain: "\(node) still drains \(buckets)"
            case .finalize: "\(node) still resets connections it does not know in \(buckets)"
            default: "\(step.words) was not done"
            }
        return "\(rest): \(progress.reason ?? "it never answered")"
    }
}

extension StepProgress {
    /// One word: running, done, refused, unknown or skipped.
    var word: String {
        switch self {
        case .waiting, .running: "running"
        case .done: "done"
        case .refused: "refused"
        case .unknown: "unknown"
        case .skipped: "skipped"
        }
    }
}
