import Planning

/// A wait as the Plan screen shows it.
struct ShownWait: Hashable, Sendable {
    /// What is waited for.
    var wait: PlanWait
    /// When it ends, by the console's clock.
    var end: Double
    /// Connections left, by node and bucket; nil before the first count.
    var left: [String: [Int: Int]]?
    /// The most that were ever left.
    var most = 0
}
