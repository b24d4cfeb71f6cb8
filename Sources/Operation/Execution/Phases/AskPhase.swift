import AgentProtocol
import ClusterModel
import Planning

/// First, every node that takes part is asked which operation wrote what it holds.
///
/// Each step then names the marks that it expects, so that a request which is carried out late, or twice, does nothing.
struct AskPhase {
    /// What an answer comes to.
    enum Progress {
        /// Others have not answered yet, or nobody was asked.
        case waiting
        /// The question was lost and is asked again after so many seconds.
        case again(after: Double)
        /// Every node has answered.
        case complete
        /// The node cannot be asked.
        case failed(StepFailure)
    }

    /// Which operation wrote each bucket's state, by node.
    private(set) var marks: [String: [Int: String]]
    /// The nodes that have not answered, with how often they were asked.
    private var unanswered: [String: Int]

    /// Asks these nodes.
    init(nodes: some Sequence<String>) {
        marks = [:]
        unanswered = Dictionary(nodes.map { ($0, 1) }) { first, _ in first }
    }

    /// Asks nobody, since the marks were read before.
    init(marks: [String: [Int: String]]) {
        self.marks = marks
        unanswered = [:]
    }

    /// Whether nothing is to be asked any more.
    var isOver: Bool { unanswered.isEmpty }

    /// The nodes to be asked, in order of name.
    var nodes: [String] { unanswered.keys.sorted() }

    /// Asks nobody any more.
    mutating func stop() { unanswered = [:] }

    /// Takes a node's answer.
    mutating func take(_ result: Result<AgentResult, AgentFailure>, from node: String) -> Progress {
        guard let attempt = unanswered[node] else { return .waiting }
        switch result {
        case .success(.operations(let operations)):
            marks[node] = operations
            unanswered[node] = nil
            return unanswered.isEmpty ? .complete : .waiting
        case .failure(let failure) where failure.leavesOutcomeUnknown && attempt < PlanExecution.attempts:
            unanswered[node] = attempt + 1
            return .again(after: PlanExecution.pause(attempt))
        case .failure(let failure): return fail(node, failure.message)
        case .success: return fail(node, nil)
        }
    }

    private mutating func fail(_ node: String, _ message: String?) -> Progress {
        unanswered = [:]
        return .failed(.cannotAsk(node: node, message))
    }

    /// The change as the step is to send it: expecting the mark that was read.
    func expecting(_ change: StepRequest.Change, on node: String) -> StepRequest.Change {
        var change = change
        change.by = marks[node]?[change.bucket] ?? ""
        return change
    }
}
