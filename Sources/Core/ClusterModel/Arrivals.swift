/// What reached a node between two samples, over all buckets.
public struct Arrivals: Hashable, Sendable {
    /// Packets for the cluster address.
    public var packets: Double
    /// Those of the buckets that the node owns or adopts.
    public var own: Double
    /// Packets that it accepted; nil when the driver does not count them.
    public var accepted: Double?
    /// The time between the samples, in seconds, by the agent's own clock.
    public var seconds: Double

    /// Arrivals from their parts.
    public init(packets: Double, own: Double = 0, accepted: Double? = nil, seconds: Double) {
        self.packets = packets
        self.own = own
        self.accepted = accepted
        self.seconds = seconds
    }

    /// Both together.
    static func + (left: Self, right: Self) -> Self {
        Arrivals(
            packets: left.packets + right.packets, own: left.own + right.own,  // bounded: both are Double
            accepted: left.accepted == nil ? right.accepted : left.accepted.map { $0 + (right.accepted ?? 0) },
            seconds: left.seconds + right.seconds)
    }
}
