/// The two counters of one bucket on one node.
public struct BucketCounters: Hashable, Sendable {
    /// What reached the node.
    public var arrived: PacketCount
    /// What the node accepted.
    public var accepted: PacketCount

    /// Counters from their two parts.
    public init(arrived: PacketCount = .init(), accepted: PacketCount = .init()) {
        self.arrived = arrived
        self.accepted = accepted
    }
}
