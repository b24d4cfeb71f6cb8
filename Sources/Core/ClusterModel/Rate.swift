/// How fast a counter runs.
public struct Rate: Hashable, Sendable, Codable {
    /// Packets per second.
    public var packetsPerSecond: Double
    /// Bits per second, IP headers included.
    public var bitsPerSecond: Double

    /// A rate from its two parts.
    public init(packetsPerSecond: Double = 0, bitsPerSecond: Double = 0) {
        self.packetsPerSecond = packetsPerSecond
        self.bitsPerSecond = bitsPerSecond
    }

    /// The sum of two rates.
    public static func + (left: Self, right: Self) -> Self {
        Self(
            packetsPerSecond: left.packetsPerSecond + right.packetsPerSecond,
            bitsPerSecond: left.bitsPerSecond + right.bitsPerSecond)
    }

    enum CodingKeys: String, CodingKey {
        case packetsPerSecond = "packets_per_second"
        case bitsPerSecond = "bits_per_second"
    }
}

extension Rate? {
    /// The sum of what is known; nil when nothing is.
    public static func + (left: Self, right: Self) -> Self {
        guard let left, let right else { return left ?? right }
        return left + right
    }
}

/// The last seconds of a rate, oldest first, in a ring of fixed length.
public struct RateHistory: Hashable, Sendable {
    /// How many values are kept.
    public let capacity: Int
    private var ring: [Float] = []
    private var next = 0

    /// An empty history that keeps this many values.
    public init(capacity: Int = 60) { self.capacity = max(capacity, 1) }

    /// Adds the newest value, nil when it is not known, and forgets the oldest when full.
    public mutating func append(_ value: Double?) {
        let value = Float(value ?? -1)
        if ring.count < capacity {
            ring.append(value)
        } else {
            ring[next] = value
            next = (next + 1) % capacity
        }
    }

    /// The values kept, oldest first; below 0 where the value was not known.
    public var values: [Double] { (0..<ring.count).map { Double(ring[(next + $0) % ring.count]) } }

    /// The newest value, 0 when there is none, below 0 when it is not known.
    public var newest: Double { ring.isEmpty ? 0 : Double(ring[(next + ring.count - 1) % ring.count]) }
}

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
