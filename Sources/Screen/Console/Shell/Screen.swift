/// The console's screens, in the order of their number keys.
public enum Screen: Int, CaseIterable, Sendable {
    case nodes = 1
    case buckets, flow, plan, journal, findings

    /// The name on the tab, which is also the command that opens the screen.
    public var title: String {
        switch self {
        case .nodes: "Nodes"
        case .buckets: "Buckets"
        case .flow: "Flow"
        case .plan: "Plan"
        case .journal: "Journal"
        case .findings: "Findings"
        }
    }
}
