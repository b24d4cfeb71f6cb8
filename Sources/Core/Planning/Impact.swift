import ClusterModel

/// What a plan touches on a node that gives buckets up, as far as it is known.
public struct Impact: Hashable, Sendable, Codable {
    /// Live connections of the buckets; nil when nobody counted them.
    public var connections: Int?
    /// What the node answers in the buckets; nil before rates are measured.
    public var rate: Rate?

    /// An impact from its parts.
    public init(connections: Int? = nil, rate: Rate? = nil) {
        self.connections = connections
        self.rate = rate
    }
}
