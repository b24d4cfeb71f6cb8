/// How fast the two counters of one bucket run on one node.
public struct BucketRates: Hashable, Sendable {
    /// What reaches the node.
    public var arrived: Rate
    /// What the node accepts.
    public var answered: Rate

    /// Rates from their two parts.
    public init(arrived: Rate = .init(), answered: Rate = .init()) {
        self.arrived = arrived
        self.answered = answered
    }
}
