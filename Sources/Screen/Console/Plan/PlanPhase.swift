import Planning

/// How far the plan on the Plan screen is.
public enum PlanPhase: Hashable, Sendable {
    /// The operator is choosing.
    case draft
    /// The plan was asked for and has not come yet.
    case planning
    /// The plan could not be made; the sentence says why.
    case refused(String)
    /// The plan is shown and waits for a yes.
    case ready(PreparedPlan)
    /// The plan is being executed.
    case executing(PreparedPlan)
    /// The plan ended.
    case finished(PreparedPlan, PlanOutcome)

    /// The plan of the phases that have one.
    public var prepared: PreparedPlan? {
        switch self {
        case .draft, .planning, .refused: nil
        case .ready(let plan), .executing(let plan), .finished(let plan, _): plan
        }
    }
}
