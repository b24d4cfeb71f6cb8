import ClusterModel

/// How a cluster is, in a row among others.
public struct ClusterSummary: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// How bad it is, 0 best.
    var level: Headline.Level
    /// The line that says how it is, in several lengths, the longest first.
    var words: [String]
    /// How many nodes are live, and how many there are.
    var live: Int
    var nodes: Int
    /// Packets per second that it accepts; nil when that is not known.
    var rate: Double?
    /// What it accepted in the last minutes, a value a second; below 0: not known.
    var trend: [Double]
    /// Whether a plan is carried out.
    var isExecuting: Bool
}

extension ConsoleState {
    /// Whether a plan is carried out.
    public var isExecuting: Bool { plan.isExecuting }

    /// How the cluster is, for a row among others.
    public var summary: ClusterSummary {
        let headline = Headline(self)
        let window = TimeView().window(columns: 140, now: wall)
        let trend = (0..<window.columns).map { column in
            let loads = shownNodes.indices.compactMap {
                past.load(of: $0, from: window.time(of: column), seconds: window.step)?.accepted
            }
            return loads.isEmpty ? -1 : Double(loads.reduce(0, +))
        }
        return ClusterSummary(
            name: clusterName, level: headline.level, words: headline.choices,
            live: shownNodes.count { $0.state == .live }, nodes: shownNodes.count,
            rate: snapshot == nil ? nil : facts.accepted?.packetsPerSecond, trend: trend,
            isExecuting: plan.isExecuting)
    }
}
