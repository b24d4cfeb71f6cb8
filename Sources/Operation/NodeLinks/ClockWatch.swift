import ClusterModel

/// Holds a node's monotonic clock against this program's: it can neither go back, nor faster than time does, nor stand still.
///
/// What a link holds up makes samples late and never early, so a clock is ahead at once and behind only by more than the time
/// in which nothing came.
struct ClockWatch: Sendable {
    /// So far, in seconds, a clock may be off without being named.
    private static let tolerance = 5.0

    private var last: UInt64?
    private var lastHeard = 0.0
    /// The longest time without a sample since the node was last in time: what is late because of it comes in one go.
    private var gap = 0.0
    /// The node's time less ours, by a clock that also runs while this program is stopped, and by one that does not.
    private var ahead = -Double.infinity
    private var behind = -Double.infinity

    /// Takes the time of the node's next sample, in nanoseconds, and ours in seconds: `now` stands still while this program is
    /// stopped, `clock` does not.
    mutating func take(_ time: UInt64, now: Double, clock: Double) -> Contradiction? {
        defer { (last, lastHeard) = (time, now) }
        let seconds = Double(time) / 1e9
        guard let last else {
            start(seconds, now, clock)
            return nil
        }
        let back = Double(last) / 1e9 - seconds
        let leap = seconds - clock - ahead
        let lag = behind - (seconds - now)
        gap = lag < Self.tolerance ? now - lastHeard : max(gap, now - lastHeard)
        let found: Contradiction? =
            if time < last { .clockBack(seconds: back) } else if leap > Self.tolerance {
                .clockAhead(seconds: leap)
            } else if lag > Self.tolerance + 3 * gap { .clockBehind(seconds: lag) } else { nil }
        if found == nil {
            ahead = max(ahead, seconds - clock)
            behind = max(behind, seconds - now)
        } else {
            start(seconds, now, clock)
        }
        return found
    }

    private mutating func start(_ seconds: Double, _ now: Double, _ clock: Double) {
        ahead = seconds - clock
        behind = seconds - now
        gap = 0
    }
}
