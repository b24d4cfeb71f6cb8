/// What a node let in and what its host sent back, by what the console has watched.
///
/// Only packets count of which a reply would be counted; numbers are packets, weighed where noted.
public struct ServiceRecord: Hashable, Sendable {
    /// A time in which packets were let in and no reply came back.
    public struct Silence: Hashable, Sendable {
        /// How long it has lasted, by the node's clock.
        public var seconds = 0.0
        /// Between so many samples.
        public var intervals = 0
        /// What was let in.
        public var accepted = 0.0
        /// How many replies so many packets would have brought before, where that says something.
        public var byPackets = 0.0
        /// How many replies came in such a time before.
        public var byTime = 0.0
        /// Resets and ICMP errors that the host sent instead.
        public var refused = 0.0
        /// Replies without data that came instead: a kernel sends them for a service that hangs.
        public var bare = 0.0

        /// How many replies are missing, at least.
        public var expected: Double { min(byPackets, byTime) }

        /// Whether enough replies are missing that it cannot be chance.
        public var isCertain: Bool { expected >= ServiceRecord.least }

        /// A silence that has just begun.
        public init() {}
    }

    /// The present silence; nil when the last interval had a reply.
    public var silence: Silence?
    /// What was let in during the last seconds.
    public var accepted: Double
    /// What was sent back during them, but for what a kernel sends for a service that hangs.
    public var replied: Double
    /// The last seconds: how many.
    public var seconds: Double
    /// The share of packets that were replied to, 0…1, when replies were last seen to come; nil when none were.
    ///
    /// Counters of before the watch do not tell: they may hold an outage.
    public var formerShare: Double?
    /// TCP segments of owned buckets that belonged to no connection, during the last seconds, by bucket.
    public var strays: [Int: Double]
    /// Packets by neighbours that sent them to the node's own MAC during the last seconds.
    public var misled: [MACAddress: Double]
    /// What keeps replies from clients, as far as the node knows.
    public var obstacle: WayBackObstacle?
    /// The longest silence, in expected replies, that ended by itself.
    public var longestPause: Double

    /// A record from its parts.
    public init(
        silence: Silence? = nil, accepted: Double = 0, replied: Double = 0, seconds: Double = 0,
        formerShare: Double? = nil, strays: [Int: Double] = [:], misled: [MACAddress: Double] = [:],
        longestPause: Double = 0
    ) {
        self.silence = silence
        self.accepted = accepted
        self.replied = replied
        self.seconds = seconds
        self.formerShare = formerShare
        self.strays = strays
        self.misled = misled
        self.longestPause = longestPause
    }

    /// So many replies must be missing before their absence means something.
    fileprivate static let least = 8.0
    /// So many times the longest pause of before must be missing.
    private static let pauses = 3.0

    /// How the service looks.
    public var state: ReplyState {
        guard seconds > 0 else { return .unknown }
        if let silence, isAlarming(silence) { return .silent(silence) }
        if replied > 0 { return .replying }
        guard accepted > 0 else { return .idle }
        return (silence?.expected ?? 0) < 1 ? .oneWay : .waiting
    }

    /// Whether a silence cannot be a pause: packets were refused, or enough replies are missing for long enough.
    private func isAlarming(_ silence: Silence) -> Bool {
        guard silence.intervals >= 2 else { return false }
        // A host says so of a few packets only: the kernel limits ICMP errors, to one a second for each client.
        if silence.refused >= Self.least { return true }
        guard silence.expected >= max(Self.least, Self.pauses * longestPause) else { return false }
        return silence.seconds >= 2.5 || silence.seconds >= 0.9 && silence.expected >= 2.5 * Self.least
    }
}

/// How a node's service looks from what its host sends back.
public enum ReplyState: Hashable, Sendable {
    /// Replies are not counted, or not yet.
    case unknown
    /// Nothing was let in to reply to.
    case idle
    /// Replies flow.
    case replying
    /// What is let in was never replied to, on any node, as with syslog.
    case oneWay
    /// No reply came yet to the last packets; it is too early to say more.
    case waiting
    /// Packets are let in and none is replied to as before.
    case silent(ServiceRecord.Silence)
}
