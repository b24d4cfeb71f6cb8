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
