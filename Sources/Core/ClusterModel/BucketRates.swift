/// How fast the two counters of one bucket run on one node.
public struct BucketRates: Hashable, Sendable {
    /// What reaches the node.
    public var arrived: Rate
    /// What the node accepts.
    public var accepted: Rate

    /// Rates from their two parts.
    public init(arrived: Rate = .init(), accepted: Rate = .init()) {
        self.arrived = arrived
        self.accepted = accepted
    }
}
