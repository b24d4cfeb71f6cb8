/// What the client knows about its own traffic.
public struct TrafficStatistics: Hashable, Sendable, Codable {
    /// Totals and the last whole second of one protocol.
    public struct Pair: Hashable, Sendable, Codable {
        /// Since the traffic began.
        public var total = TrafficCounts()
        /// In the last whole second.
        public var lastSecond = TrafficCounts()

        /// Nothing counted yet.
        public init() {}

        enum CodingKeys: String, CodingKey {
            case total
            case lastSecond = "last_second"
        }
    }

    /// UDP datagrams, each expecting one answer.
    public var udp = Pair()
    /// TCP connections opened and lines echoed, each expecting one answer.
    public var tcp = Pair()
    /// The TCP connections open now.
    public var connections = 0
    /// Answers of either protocol by the node that gave them.
    public var answers: [String: UInt64] = [:]

    /// Nothing counted yet.
    public init() {}
}
