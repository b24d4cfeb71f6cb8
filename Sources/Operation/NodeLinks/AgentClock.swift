/// What is known of a node's clock: never more than it really shows.
///
/// A reading is older when it arrives than when it was taken. So a moment that is told from it may be early on the node, and is
/// never late.
struct AgentClock: Sendable {
    /// What the node's clock shows beyond ours, in seconds, and when that was known.
    private var lead: (seconds: Double, known: Double)?
    /// Two clocks may drift apart by so many seconds a second.
    private static let drift = 0.0005
    /// The longest time that any machine has been up, in seconds.
    private static let longest = 9e9

    /// Takes what the node's clock showed, in nanoseconds; the reading has just arrived.
    mutating func take(_ nanoseconds: UInt64, now: Double) {
        let reading = Double(nanoseconds) / 1e9 - now
        // The least delayed of all readings is the best one, until it is too old for that.
        lead = (max(reading, lead(now: now) ?? reading), now)
    }

    /// Forgets every reading: the node may have been booted.
    mutating func forget() { lead = nil }

    /// What the node's clock shows by then, in nanoseconds, so many seconds from now; nil when nothing is known of it.
    func moment(in seconds: Double, now: Double) -> UInt64? {
        guard let lead = lead(now: now) else { return nil }
        return UInt64(min(max(now + lead + seconds, 0), Self.longest) * 1e9)  // bounded: 9e9 seconds
    }

    private func lead(now: Double) -> Double? {
        lead.map { $0.seconds - max(now - $0.known, 0) * Self.drift }
    }
}
