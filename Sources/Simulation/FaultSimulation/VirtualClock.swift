import HeapModule
import Reactor

/// Time that passes only from one timer to the next, the same for the same timers.
package final class VirtualClock: Timekeeper {
    private var timers = Timers()

    /// A clock at zero, without timers.
    package init() {}

    /// Nanoseconds since the clock was made.
    package var time: UInt64 { timers.time }

    /// Adds a timer.
    package func after(_ seconds: Double, repeating: Bool, handler: @escaping () -> Void) -> Reactor.Token {
        Reactor.Token(number: timers.insert(UInt64(max(seconds, 0) * 1e9), repeating: repeating, handler))
    }

    /// Removes a timer.
    package func cancel(_ token: Reactor.Token) { timers.cancel(token.number) }

    /// Forgets all timers.
    func clear() { timers.clear() }

    /// Goes to the next timer and fires it; false when there is none before a time.
    package func step(until end: UInt64) -> Bool {
        guard let handler = timers.next(until: end) else { return false }
        handler()
        return true
    }
}

/// The time, the timers that are to come, and what they do.
private struct Timers {
    /// A place for a timer; its number goes into keys, so that a key of an earlier timer finds nothing.
    private struct Slot {
        var use: UInt64 = 0
        var interval: UInt64?
        var handler: (() -> Void)?
    }

    private(set) var time: UInt64 = 0
    private var queue = TimerQueue()
    private var slots: [Slot] = []
    private var free: [Int] = []

    /// Adds a timer that is due after a delay in nanoseconds; returns its key.
    mutating func insert(_ delay: UInt64, repeating: Bool, _ handler: @escaping () -> Void) -> UInt64 {
        if free.isEmpty {
            free.append(slots.count)
            slots.append(Slot())
        }
        let place = free.removeLast()
        slots[place].interval = repeating ? max(delay, 1_000_000) : nil
        slots[place].handler = handler
        let key = slots[place].use << 32 | UInt64(place)
        queue.insert(key, at: time + delay)
        return key
    }

    mutating func cancel(_ key: UInt64) {
        if let place = place(key) { release(place) }
    }

    /// Where the timer of a key is; nil when it is over.
    private func place(_ key: UInt64) -> Int? {
        let place = Int(key & 0xffff_ffff)
        guard slots.indices.contains(place), slots[place].use == key >> 32 else { return nil }
        return slots[place].handler == nil ? nil : place
    }

    private mutating func release(_ place: Int) {
        slots[place].use += 1
        slots[place].handler = nil
        free.append(place)
    }

    mutating func clear() {
        queue = TimerQueue()
        (slots, free) = ([], [])
    }

    /// Goes to the next timer; nil, at a time, when there is none before it.
    mutating func next(until end: UInt64) -> (() -> Void)? {
        while let due = queue.removeFirst(until: end) {
            guard let place = place(due.key), let handler = slots[place].handler else { continue }
            time = due.time
            if let interval = slots[place].interval {
                queue.insert(due.key, at: time + interval)
            } else {
                release(place)
            }
            return handler
        }
        time = max(time, end)
        return nil
    }
}

/// What is due and when, the earliest first; of what is due at the same time, what was added first.
struct TimerQueue {
    /// A timer that is due.
    struct Due: Comparable {
        /// When, in nanoseconds.
        var time: UInt64
        /// Which timer.
        var key: UInt64
        fileprivate var order: UInt64

        static func < (left: Self, right: Self) -> Bool {
            left.time == right.time ? left.order < right.order : left.time < right.time
        }
    }

    private var heap = Heap<Due>()
    private var nextOrder: UInt64 = 1

    init() { heap.reserveCapacity(128) }

    mutating func insert(_ key: UInt64, at time: UInt64) {
        heap.insert(Due(time: time, key: key, order: nextOrder))
        nextOrder += 1
    }

    /// Takes out what is due next, by a time; nil when nothing is.
    mutating func removeFirst(until end: UInt64) -> Due? {
        guard let first = heap.min, first.time <= end else { return nil }
        return heap.removeMin()
    }
}
