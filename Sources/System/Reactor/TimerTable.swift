/// The timers of a `Reactor`, by number; times are nanoseconds of the monotonic clock.
struct TimerTable {
    private struct Timer {
        var deadline: UInt64
        let interval: UInt64?
        let handler: () -> Void
    }

    /// The shortest interval of a repeating timer.
    private static let shortestInterval: UInt64 = 1_000_000

    private var timers: [UInt64: Timer] = [:]

    /// Whether there is no timer.
    var isEmpty: Bool { timers.isEmpty }

    /// When the first timer is due; nil without timers.
    var nextDeadline: UInt64? { timers.values.lazy.map(\.deadline).min() }

    /// Adds a timer that is due once after a delay, or again and again at that interval.
    mutating func add(
        _ number: UInt64, after delay: UInt64, isRepeating: Bool, now: UInt64, _ handler: @escaping () -> Void
    ) {
        timers[number] = Timer(
            deadline: now + delay, interval: isRepeating ? max(delay, Self.shortestInterval) : nil, handler: handler)
    }

    /// Removes a timer, if it is there.
    mutating func remove(_ number: UInt64) { timers[number] = nil }

    /// The timers that are due, by deadline.
    func due(now: UInt64) -> [UInt64] {
        timers.filter { $0.value.deadline <= now }.sorted { $0.value.deadline < $1.value.deadline }.map(\.key)
    }

    /// Takes note that a timer fires now, and returns its handler; nil when another handler has removed it meanwhile.
    ///
    /// A repeating timer keeps its rhythm: deadlines that were missed are left out.
    mutating func fire(_ number: UInt64, now: UInt64) -> (() -> Void)? {
        guard let timer = timers[number] else { return nil }
        if let interval = timer.interval {
            let missed = (now - timer.deadline) / interval
            timers[number]?.deadline = timer.deadline + (missed + 1) * interval
        } else {
            timers[number] = nil
        }
        return timer.handler
    }
}
