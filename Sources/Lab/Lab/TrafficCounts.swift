/// How the client's own requests were answered.
public struct TrafficCounts: Hashable, Sendable, Codable {
    /// Requests whose second is over, plus those answered already.
    public var sent: UInt64 = 0
    /// Answered by one node.
    public var once: UInt64 = 0
    /// Answered more than once.
    public var twice: UInt64 = 0
    /// Not answered within a second.
    public var unanswered: UInt64 = 0
    /// TCP connections that were reset or closed by the other side.
    public var resets: UInt64 = 0
    /// Answers with other bytes than were sent, or from another node than before on the same connection.
    public var wrong: UInt64 = 0

    /// Nothing counted yet.
    public init() {}

    /// What was added since an earlier count.
    public func since(_ earlier: Self) -> Self {
        var result = Self()
        result.sent = sent &- earlier.sent
        result.once = once &- earlier.once
        result.twice = twice &- earlier.twice
        result.unanswered = unanswered &- earlier.unanswered
        result.resets = resets &- earlier.resets
        result.wrong = wrong &- earlier.wrong
        return result
    }
}
