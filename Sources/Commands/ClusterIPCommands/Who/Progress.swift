import Glibc
import Synchronization

/// A progress bar on standard error while long input is read, when that is a terminal.
struct Progress {
    /// Whether a bar stands on the terminal's last line.
    private static let isOnScreen = Atomic(false)

    private let total: Int?
    private let start = Self.now
    private var next: Double
    private let isWanted: Bool

    /// Progress towards so many bytes; nil when the end is not known.
    ///
    /// There is none when the results themselves go to the terminal while input is read.
    init(total: Int?, printsMeanwhile: Bool = false) {
        self.total = total
        next = Self.now + 0.4
        isWanted = isatty(STDERR_FILENO) == 1 && !(printsMeanwhile && isatty(STDOUT_FILENO) == 1)
    }

    /// Shows how far reading is, five times a second, and nothing in the first moments.
    mutating func show(_ position: Int) {
        guard isWanted, case let now = Self.now, now >= next else { return }
        next = now + 0.2
        let bar = ProgressBar(
            position: position, total: total, seconds: now - start, columns: Self.columns)
        Self.isOnScreen.store(true, ordering: .relaxed)
        CommandIO.write("\r\(bar.text)\u{1b}[K", to: STDERR_FILENO)
    }

    /// Takes the bar away, if there is one.
    static func clear() {
        if isOnScreen.exchange(false, ordering: .relaxed) { CommandIO.write("\r\u{1b}[K", to: STDERR_FILENO) }
    }

    /// How wide the terminal is.
    private static var columns: Int {
        var window = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return 80 }
        return Int(window.ws_col)
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// The text of a progress bar; it is at least three columns narrower than the terminal, so that it never wraps, not even
/// with the ^C that the terminal shows behind it.
struct ProgressBar {
    /// How many bytes have been read.
    var position: Int
    /// How many there are; nil when that is not known.
    var total: Int?
    /// For how long reading has gone on.
    var seconds: Double
    /// How wide the terminal is.
    var columns: Int

    /// The longest of the forms that fits.
    var text: String { forms.first { $0.utf8.count < columns - 2 } ?? "" }

    private var forms: [String] {
        let read = "\(Decimals.bytes(position)) read"
        let speed = "\(read), \(Decimals.bytes(Int(Double(position) / max(seconds, 0.001))))/s"
        guard let total, total > 0 else { return [speed, read, Decimals.bytes(position)] }
        let share = min(1, Double(position) / Double(total))
        let percent = "\(Int(share * 100)) %"
        let left = position > 0 ? ", \(Int((1 - share) / share * seconds + 0.5)) s left" : ""
        return [
            "\(bar(share, 30))  \(percent)  \(speed)\(left)", "\(bar(share, 20))  \(percent)  \(speed)",
            "\(bar(share, 10))  \(percent)", percent,
        ]
    }

    private func bar(_ share: Double, _ width: Int) -> String {
        let full = Int(share * Double(width))
        return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: width - full) + "]"
    }
}
