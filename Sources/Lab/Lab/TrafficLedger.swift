/// The requests that still wait for the end of their second, and the counts of those that do not.
///
/// A request is judged one second after it was sent: only then is it known that nobody else answers it.
struct TrafficLedger {
    /// How long answers are waited for, in nanoseconds.
    static let window: UInt64 = 1_000_000_000

    private struct Request {
        let sentAt: UInt64
        var answers = 0
    }

    /// The requests judged so far.
    private(set) var counts = TrafficCounts()
    private var requests: [Request] = []
    private var head = 0
    /// The number of `requests[head]`.
    private var first: UInt64 = 0

    /// Notes a request, at a time in nanoseconds that never goes back.
    ///
    /// - Returns: its number, for `answered`.
    mutating func sent(at time: UInt64) -> UInt64 {
        requests.append(Request(sentAt: time))
        return first + UInt64(requests.count - head - 1)
    }

    /// Notes one answer; false when the number is unknown or its second is over.
    mutating func answered(_ number: UInt64) -> Bool {
        guard number >= first, number - first < UInt64(requests.count - head) else { return false }
        requests[head + Int(number - first)].answers += 1
        return true
    }

    /// Judges the requests whose second is over.
    mutating func judge(at time: UInt64) {
        while head < requests.count, requests[head].sentAt &+ Self.window <= time {
            counts.sent &+= 1
            switch requests[head].answers {
            case 0: counts.unanswered &+= 1
            case 1: counts.once &+= 1
            default: counts.twice &+= 1
            }
            head += 1
            first += 1
        }
        if head > 1024, head > requests.count / 2 {
            requests.removeFirst(head)
            head = 0
        }
    }

    /// Counts a connection that the other side ended.
    mutating func reset() { counts.resets &+= 1 }

    /// Counts an answer with other bytes than were expected.
    mutating func wrong() { counts.wrong &+= 1 }
}

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
