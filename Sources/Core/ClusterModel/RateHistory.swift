/// The last seconds of a rate, oldest first, in a ring of fixed length.
public struct RateHistory: Hashable, Sendable {
    /// How many values are kept.
    public let capacity: Int
    private var ring: [Float] = []
    private var next = 0

    /// An empty history that keeps this many values.
    public init(capacity: Int = 60) { self.capacity = max(capacity, 1) }

    /// Adds the newest value and forgets the oldest when full.
    public mutating func append(_ value: Double) {
        if ring.count < capacity {
            ring.append(Float(value))
        } else {
            ring[next] = Float(value)
            next = (next + 1) % capacity
        }
    }

    /// The values kept, oldest first.
    public var values: [Double] { (0..<ring.count).map { Double(ring[(next + $0) % ring.count]) } }

    /// The newest value, 0 when there is none.
    public var newest: Double { ring.isEmpty ? 0 : Double(ring[(next + ring.count - 1) % ring.count]) }
}
