/// What is due and when, the earliest first; of what is due at the same time, what was added first.
struct TimerQueue {
    /// A timer that is due.
    struct Due {
        /// When, in nanoseconds.
        var time: UInt64
        /// Which timer.
        var key: UInt64
        fileprivate var order: UInt64

        fileprivate func isBefore(_ other: Self) -> Bool {
            time == other.time ? order < other.order : time < other.time
        }
    }

    /// A binary heap.
    private var heap: [Due] = []
    private var nextOrder: UInt64 = 1

    init() { heap.reserveCapacity(128) }

    mutating func insert(_ key: UInt64, at time: UInt64) {
        let due = Due(time: time, key: key, order: nextOrder)
        nextOrder += 1
        var child = heap.count
        heap.append(due)
        while child > 0, due.isBefore(heap[(child - 1) / 2]) {
            heap[child] = heap[(child - 1) / 2]
            child = (child - 1) / 2
        }
        heap[child] = due
    }

    /// Takes out what is due next, by a time; nil when nothing is.
    mutating func removeFirst(until end: UInt64) -> Due? {
        guard let first = heap.first, first.time <= end else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        var parent = 0
        while case var child = 2 * parent + 1, child < heap.count {
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(last) else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = last
        return first
    }
}
