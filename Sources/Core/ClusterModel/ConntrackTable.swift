/// How full a node's connection-tracking table is.
public struct ConntrackTable: Hashable, Sendable, Codable {
    /// The entries in the agent's network namespace (`net.netfilter.nf_conntrack_count`).
    public var count: Int
    /// The most entries there may be (`net.netfilter.nf_conntrack_max`); above 0.
    public var limit: Int

    /// A table from its numbers.
    public init(count: Int, limit: Int) {
        self.count = count
        self.limit = limit
    }

    /// The share that is in use, in whole percent.
    public var percent: Int { Int(min(Double(count) / Double(max(limit, 1)) * 100, 1e6)) }
}
