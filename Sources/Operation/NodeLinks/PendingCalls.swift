/// The calls that an agent has not answered yet, each with its number on the link and its deadline.
///
/// A ticket is the caller's name for a call; the session's own calls have none. Times are seconds of any steady clock.
struct PendingCalls: Sendable {
    /// One call.
    struct Call: Sendable {
        /// Who waits for the answer; nil for the session itself.
        var ticket: Int?
        /// When it was sent.
        var sent: Double
        /// When it is given up.
        var deadline: Double
    }

    private var nextNumber = 1
    private var calls: [Int: Call] = [:]

    /// Adds a call and returns its number, which is never used again.
    mutating func add(ticket: Int?, timeout: Double, now: Double) -> Int {
        defer { nextNumber += 1 }
        calls[nextNumber] = Call(ticket: ticket, sent: now, deadline: now + timeout)
        return nextNumber
    }

    /// Removes the call that an answer belongs to; nil when it is not waited for any more.
    mutating func remove(_ number: Int) -> Call? { calls.removeValue(forKey: number) }

    /// Removes the calls whose deadline has passed and returns their tickets in rising order.
    mutating func removeOverdue(now: Double) -> [Int] {
        guard calls.values.contains(where: { $0.deadline <= now }) else { return [] }
        let overdue = calls.filter { $0.value.deadline <= now }
        for number in overdue.keys { calls[number] = nil }
        return overdue.values.compactMap(\.ticket).sorted()
    }

    /// Removes all calls and returns their tickets in rising order.
    mutating func removeAll() -> [Int] {
        defer { calls = [:] }
        return calls.values.compactMap(\.ticket).sorted()
    }
}
