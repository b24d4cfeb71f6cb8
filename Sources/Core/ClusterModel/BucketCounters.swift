/// The counters of one bucket on one node.
public struct BucketCounters: Hashable, Sendable {
    /// What reached the node.
    public var arrived: PacketCount
    /// What the node accepted.
    public var accepted: PacketCount
    /// What the host sent back; nil when nothing counts it, which is not zero.
    public var replied: PacketCount?

    /// Counters from their parts.
    public init(arrived: PacketCount = .init(), accepted: PacketCount = .init(), replied: PacketCount? = nil) {
        self.arrived = arrived
        self.accepted = accepted
        self.replied = replied
    }
}
