import Reactor

/// Time that passes only from one timer to the next, the same for the same timers.
final class VirtualClock: Timekeeper {
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

    func after(_ seconds: Double, repeating: Bool, handler: @escaping () -> Void) -> Reactor.Token {
        let delay = UInt64(max(seconds, 0) * 1e9)
        if free.isEmpty {
            free.append(slots.count)
            slots.append(Slot())
        }
        let place = free.removeLast()
        slots[place].interval = repeating ? max(delay, 1_000_000) : nil
        slots[place].handler = handler
        let key = slots[place].use << 32 | UInt64(place)
        queue.insert(key, at: time + delay)
        return Reactor.Token(number: key)
    }

    func cancel(_ token: Reactor.Token) {
        if let place = place(token.number) { release(place) }
    }

    /// Where the timer of a key is; nil when it is over.
    private func place(_ key: UInt64) -> Int? {
        let place = Int(key & 0xffff_ffff)
        guard slots.indices.contains(place), slots[place].use == key >> 32 else { return nil }
        return slots[place].handler == nil ? nil : place
    }

    private func release(_ place: Int) {
        slots[place].use += 1
        slots[place].handler = nil
        free.append(place)
    }

    /// Forgets all timers.
    func clear() {
        queue = TimerQueue()
        (slots, free) = ([], [])
    }

    /// Goes to the next timer and fires it; false when there is none before a time.
    func step(until end: UInt64) -> Bool {
        while let due = queue.removeFirst(until: end) {
            guard let place = place(due.key), let handler = slots[place].handler else { continue }
            time = due.time
            if let interval = slots[place].interval {
                queue.insert(due.key, at: time + interval)
            } else {
                release(place)
            }
            handler()
            return true
        }
        time = max(time, end)
        return false
    }
}
