/// What a node's echo service has done.
public struct ServiceStatistics: Hashable, Sendable, Codable {
    /// TCP connections open now.
    public var connections = 0
    /// TCP connections accepted.
    public var accepted: UInt64 = 0
    /// UDP datagrams answered.
    public var datagrams: UInt64 = 0

    /// Nothing done yet.
    public init() {}
}
