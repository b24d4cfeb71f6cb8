import ClusterModel
import Execution
import Planning

extension PlanExecution.Entry {
    /// What the entry does, in words.
    var words: String { part.words(step) }

    /// What a closing entry that was not done leaves, and why: "node1 still drains 3: 2 connections are left".
    var leftover: String {
        let rest =
            switch part {
            case .endingDrain: "\(step.node) still drains \(buckets)"
            case .settling: "\(step.node) still resets connections it does not know in \(buckets)"
            default: "\(words) was not done"
            }
        return "\(rest): \(state.reason ?? "it never answered")"
    }
}

extension PlanExecution.Part {
    /// What a step does for this part of an execution, in words.
    func words(_ step: PlanStep) -> String {
        let buckets = BucketSet(step.request.changes.map(\.bucket))
        return switch self {
        case .planned: PlanText.words(step)
        case .guarding: "\(step.node) confirms that it does not answer \(buckets)"
        case .givingBack: "\(step.node) takes back \(buckets)"
        case .dropping: "\(step.node) forgets the connections of \(buckets)"
        case .endingDrain: "\(step.node) ends draining \(buckets)"
        case .adopting: "\(step.node) begins to reset connections it does not know in \(buckets)"
        case .settling: "\(step.node) ends resetting connections it does not know in \(buckets)"
        }
    }
}
