/// What a plan whose buckets are all in place still waits for.
public enum PlanWait: Hashable, Sendable {
    /// The old owners' connections to end, for so many seconds in all.
    case connections(Double)
    /// Clients to be told that their connections are gone, for so many seconds in all.
    case settling(Double)

    /// How long it takes at most, in seconds.
    var seconds: Double {
        switch self {
        case .connections(let seconds), .settling(let seconds): seconds
        }
    }
}

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
