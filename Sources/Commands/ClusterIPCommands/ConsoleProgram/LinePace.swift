/// How often a terminal is drawn on, by how fast its line shows what was written.
///
/// Now and then the terminal is asked a question behind a frame; the later its answer, the longer the line holds back what
/// is written, and the fewer frames it gets. A terminal that does not answer gets all.
struct LinePace {
    /// Seconds between two questions.
    private static let rest = 3.0
    /// An answer within so many seconds costs no frame.
    private static let quick = 0.25
    /// The longest time between two frames that nobody waits for.
    private static let longest = 5.0

    private var asked: Double?
    private var lastAsked = -Double.infinity
    private var hasAnswered = false
    private var delay = 0.0

    /// Seconds from one frame that nobody waits for to the next.
    var interval: Double { delay <= Self.quick ? 0 : min(delay * 2, Self.longest) }

    /// Whether the terminal is to be asked now; it is then taken to be asked.
    mutating func asks(_ now: Double) -> Bool {
        if let asked {
            guard hasAnswered else { return false }
            delay = max(delay, now - asked)
            return false
        }
        guard now - lastAsked >= Self.rest else { return false }
        (asked, lastAsked) = (now, now)
        return true
    }

    /// The answer has come.
    mutating func answered(_ now: Double) {
        guard let asked else { return }
        delay = max(now - asked, 0)
        (self.asked, hasAnswered) = (nil, true)
    }
}
