import Glibc

/// A progress bar on standard error while long input is read, when that is a terminal.
struct Progress {
    private let total: Int?
    private let start = Self.now
    private var next: Double
    private var isShown = false
    private let isTerminal = isatty(STDERR_FILENO) == 1

    /// Progress towards so many bytes; nil when the end is not known.
    init(total: Int?) {
        self.total = total
        next = Self.now + 0.4
    }

    /// Shows how far reading is, five times a second, and nothing in the first moments.
    mutating func show(_ position: Int) {
        guard isTerminal, case let now = Self.now, now >= next else { return }
        next = now + 0.2
        isShown = true
        let speed = Units.bytes(Int(Double(position) / max(now - start, 0.001)))
        var line = "\(Units.bytes(position)) read, \(speed)/s"
        if let total, total > 0 {
            let share = min(1, Double(position) / Double(total))
            let full = Int(share * 30)
            let bar = String(repeating: "#", count: full) + String(repeating: ".", count: 30 - full)
            line = "[\(bar)] \(Int(share * 100)) %  " + line
        }
        Console.write("\r\(line)\u{1b}[K", to: STDERR_FILENO)
    }

    /// Takes the bar away.
    func clear() {
        if isShown { Console.write("\r\u{1b}[K", to: STDERR_FILENO) }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
