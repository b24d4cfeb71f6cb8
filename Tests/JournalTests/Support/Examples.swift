import ClusterModel
import Journal
import Planning
import Responsibility

/// Plans to write down.
enum Example {
    /// A plan that moves buckets 1 and 2 from node1 to node2.
    static func plan(_ id: String, reason: String? = nil) -> Plan {
        Plan(
            .requested(.move([1, 2], to: "node2", mode: .graceful)),
            .moves(
                [Move(bucket: 1, from: "node1", to: "node2"), Move(bucket: 2, from: "node1", to: "node2")], .graceful),
            reason: reason, address: IPAddress("10.8.0.1")!, operation: id,
            risks: [.silentNodes(["odd \u{1b}[2J things"])],
            before: ["node1": Ownership(owned: [1, 2]), "node2": Ownership(owned: [3])])
    }

    static let anna = Operator(user: "root", host: "console", pid: 42, sudoUser: "anna")
}

extension JournalError {
    /// The sentence that a body is refused with.
    static func sentence(_ body: () throws(JournalError) -> Void) -> String? {
        do throws(JournalError) {
            try body()
            return nil
        } catch { return error.description }
    }
}

extension Journal {
    /// Writes a plan down with its release and its claim.
    func begin(_ plan: Plan, cluster: String, who: Operator = .current, resolves: String? = nil) throws(JournalError) {
        let steps = plan.moving.enumerated().map { JournalStep(position: $0.offset, $0.element) }
        try begin(plan, steps: steps, cluster: cluster, who: who, resolves: resolves)
    }
}

extension Plan {
    /// The plan's releases and claims.
    var moving: [PlanStep] { steps.filter { $0.role == .release || $0.role == .claim } }

    /// A step as the journal keeps it.
    func step(_ position: Int, _ progress: StepProgress = .running(attempt: 1)) -> JournalStep {
        JournalStep(position: position, moving[position], progress)
    }
}

extension JournalStep {
    /// How far it has come, in the journal's word.
    var state: String {
        switch progress {
        case .waiting: "waiting"
        case .running: "sent"
        case .done: "done"
        case .refused: "refused"
        case .unknown: "unknown"
        case .skipped: "skipped"
        }
    }
}
