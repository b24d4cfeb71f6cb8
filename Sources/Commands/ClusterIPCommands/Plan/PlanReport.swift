import ClusterModel
import Planning
import Responsibility
import Wording

/// What commands that plan print as JSON; the schema number changes when a key changes its meaning.
struct PlanReport: Encodable {
    let schema = 2
    var operation: String
    var title: String
    var reason: String?
    var address: IPAddress
    var mode: MoveMode
    var nodes: [Node]
    var steps: [Step]
    var risks: [WordedRisk]
    var inverse: [Move]
    var balance: Loads?
    /// Nil when the plan was only shown.
    var confirmed: Bool?
    /// TCP connections that old owners kept when a wait for them ended; nil when there was none.
    var connectionsLeft: Int?

    /// One node before and after.
    struct Node: Encodable {
        var name: String
        var before: Ownership
        var after: Ownership
        /// What its kernel holds after the plan was carried out.
        var found: Ownership?
        var impact: Impact?
    }

    /// One request to one node.
    struct Step: Encodable {
        var node: String
        var role: StepRole
        var buckets: BucketSet
        var after: [String]
        var changes: [StepRequest.Change]
        var state: String?
        var reason: String?
    }

    /// How the load is spread.
    struct Loads: Encodable {
        var unit: String
        var imbalanceBefore: Double
        var imbalanceAfter: Double
        var nodes: [Load]
    }

    /// One node's load.
    struct Load: Encodable {
        var name: String
        var fair: Double
        var before: Double
        var after: Double
    }

    /// The report of a plan, and of what became of it.
    init(_ plan: Plan, outcome: PlanOutcome?) {
        operation = plan.operation
        title = plan.title
        reason = plan.reason
        address = plan.address
        mode = plan.mode
        let after = plan.after
        nodes = plan.before.keys.sorted().map { name in
            Node(
                name: name, before: plan.before[name] ?? Ownership(), after: after[name] ?? Ownership(),
                found: outcome?.after[name], impact: plan.impact?[name])
        }
        steps = outcome?.steps.map(Step.init) ?? plan.steps.map(Step.init)
        risks = plan.risks.map(WordedRisk.init)
        inverse = plan.inverse
        balance = plan.balance.map(Loads.init)
        confirmed = outcome?.isConfirmed
        let left = outcome?.connectionsLeft ?? [:]
        connectionsLeft = left.isEmpty ? nil : left.values.map(\.values.saturatedSum).saturatedSum
    }
}

extension PlanReport.Step {
    fileprivate init(_ step: PlanStep) {
        self.init(
            node: step.node, role: step.role, buckets: step.buckets, after: step.after, changes: step.changes)
    }

    fileprivate init(_ status: StepStatus) {
        self.init(status.step)
        state = status.progress.word
        reason = status.progress.failure?.sentence
    }
}

extension PlanReport.Loads {
    fileprivate init(_ balance: Balance) {
        self.init(
            unit: balance.unit, imbalanceBefore: balance.imbalanceBefore, imbalanceAfter: balance.imbalanceAfter,
            nodes: balance.before.keys.sorted().map { name in
                PlanReport.Load(
                    name: name, fair: balance.fair[name] ?? 0, before: balance.before[name] ?? 0,
                    after: balance.after[name] ?? 0)
            })
    }
}
