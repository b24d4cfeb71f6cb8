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
