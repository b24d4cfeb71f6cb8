import Reactor

/// Time that passes only from one timer to the next, the same for the same timers.
final class VirtualClock: Timekeeper {
    private struct Due {
        var time: UInt64
        var number: UInt64

        func isBefore(_ other: Self) -> Bool { (time, number) < (other.time, other.number) }
    }

    private struct Timer {
        var key: UInt64
        var interval: UInt64?
        var handler: () -> Void
    }

    private(set) var time: UInt64 = 0
    private var heap: [Due] = []
    private var timers: [UInt64: Timer] = [:]
    private var keys: [UInt64: UInt64] = [:]
    private var next: UInt64 = 1

    func after(_ seconds: Double, repeating: Bool, handler: @escaping () -> Void) -> Reactor.Token {
        let delay = UInt64(max(seconds, 0) * 1e9)
        let key = next
        schedule(Timer(key: key, interval: repeating ? max(delay, 1_000_000) : nil, handler: handler), at: time + delay)
        return Reactor.Token(number: key)
    }

    func cancel(_ token: Reactor.Token) {
        if let number = keys.removeValue(forKey: token.number) { timers[number] = nil }
    }

    /// Goes to the next timer and fires it; false when there is none before a time.
    func step(until end: UInt64) -> Bool {
        while let due = heap.first, due.time <= end {
            removeFirst()
            guard let timer = timers.removeValue(forKey: due.number) else { continue }
            time = due.time
            keys[timer.key] = nil
            if let interval = timer.interval { schedule(timer, at: time + interval) }
            timer.handler()
            return true
        }
        time = max(time, end)
        return false
    }

    private func schedule(_ timer: Timer, at time: UInt64) {
        let number = next
        next += 1
        timers[number] = timer
        keys[timer.key] = number
        heap.append(Due(time: time, number: number))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[least])
            {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
