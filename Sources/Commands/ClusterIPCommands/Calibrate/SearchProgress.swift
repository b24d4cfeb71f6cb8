import Glibc

/// A progress bar on standard error while seeds are searched, when that is a terminal.
struct SearchProgress {
    private let total: Double
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var isShown = false

    /// Progress towards so many seeds.
    init(total: Double) { self.total = total }

    /// Shows how far the search is.
    mutating func show(_ tried: Double, found: Int) {
        guard isTerminal else { return }
        isShown = true
        let share = min(1, tried / max(total, 1))
        let full = Int(share * 30)
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: 30 - full)
        CommandIO.write(
            "\r[\(bar)] \(Int(share * 100)) % of the seeds tried, \(found) found\u{1b}[K", to: STDERR_FILENO)
    }

    /// Takes the bar away.
    func clear() {
        if isShown { CommandIO.write("\r\u{1b}[K", to: STDERR_FILENO) }
    }
}
