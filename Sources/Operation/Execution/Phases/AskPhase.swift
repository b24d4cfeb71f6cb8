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
        /// Every node has answered but these, which must have no table, and are asked now.
        case askAbsent([String])
        /// The node cannot be asked.
        case failed(StepFailure)
    }

    /// Which operation wrote each bucket's state, by node.
    private(set) var marks: [String: [Int: String]]
    /// The nodes that have not answered, with how often they were asked.
    private var unanswered: [String: Int]
    /// The nodes that must have no table, asked when all others have answered: so that none of them became a member before
    /// those were read.
    private var absent: Set<String>
    /// Whether the first question was asked.
    private(set) var hasBegun = false

    /// Asks these nodes, and then those that must have no table.
    init(nodes: some Sequence<String>, absent: Set<String> = []) {
        marks = [:]
        unanswered = Dictionary(nodes.map { ($0, 1) }) { first, _ in first }
        self.absent = unanswered.isEmpty ? [] : absent
    }

    /// Asks nobody, since the marks were read before.
    init(marks: [String: [Int: String]]) {
        self.marks = marks
        unanswered = [:]
        absent = []
    }

    /// Whether nothing is to be asked any more.
    var isOver: Bool { unanswered.isEmpty && absent.isEmpty }

    /// The nodes to be asked first, in order of name.
    mutating func begin() -> [String] {
        hasBegun = true
        return unanswered.keys.sorted()
    }

    /// Asks nobody any more.
    mutating func stop() { (unanswered, absent) = ([:], []) }

    /// Takes a node's answer.
    mutating func take(_ result: Result<AgentResult, AgentFailure>, from node: String) -> Progress {
        guard let attempt = unanswered[node] else { return .waiting }
        switch result {
        case .success(.operations) where absent.contains(node):
            stop()
            return .failed(.appeared(node: node))
        case .failure(let failure) where failure.code == .notFound && absent.contains(node):
            absent.remove(node)
            return next(after: node)
        case .success(.operations(let operations)):
            marks[node] = operations
            return next(after: node)
        case .failure(let failure) where failure.leavesOutcomeUnknown && attempt < PlanExecution.attempts:
            unanswered[node] = attempt + 1
            return .again(after: PlanExecution.pause(attempt))
        case .failure(let failure): return fail(node, failure.message)
        case .success: return fail(node, nil)
        }
    }

    private mutating func next(after node: String) -> Progress {
        unanswered[node] = nil
        guard unanswered.isEmpty else { return .waiting }
        guard !absent.isEmpty else { return .complete }
        unanswered = Dictionary(uniqueKeysWithValues: absent.map { ($0, 1) })
        return .askAbsent(absent.sorted())
    }

    private mutating func fail(_ node: String, _ message: String?) -> Progress {
        stop()
        return .failed(.cannotAsk(node: node, message))
    }

    /// The change as the step is to send it: expecting the mark that was read.
    func expecting(_ change: StepRequest.Change, on node: String) -> StepRequest.Change {
        var change = change
        change.by = marks[node]?[change.bucket] ?? ""
        return change
    }
}
