/// Time as a program lives it: while the program is stopped, by Ctrl-Z or SIGSTOP, no time passes.
///
/// A program that slept has heard nothing, and must not take its own silence for the nodes'. Whoever reads the clock at
/// least every quarter of `longest` seconds sees time pass as it does.
struct AwakeClock: Sendable {
    /// The longest time between two readings that the program can have been awake.
    let longest: Double
    private var last: Double?
    private var slept = 0.0

    init(longest: Double) { self.longest = longest }

    /// The time in seconds, by a clock that also runs while the program sleeps.
    mutating func read(_ time: Double) -> Double {
        if let last, time - last > longest { slept += time - last }
        last = time
        return time - slept
    }
}
