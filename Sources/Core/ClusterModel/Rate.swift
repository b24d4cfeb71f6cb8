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
