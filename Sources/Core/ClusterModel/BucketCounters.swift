/// The two counters of one bucket on one node.
public struct BucketCounters: Hashable, Sendable {
    /// What reached the node.
    public var arrived: PacketCount
    /// What the node accepted.
    public var answered: PacketCount

    /// Counters from their two parts.
    public init(arrived: PacketCount = .init(), answered: PacketCount = .init()) {
        self.arrived = arrived
        self.answered = answered
    }
}
