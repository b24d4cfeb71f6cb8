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
        let read = "\(Units.bytes(position)) read"
        let speed = "\(read), \(Units.bytes(Int(Double(position) / max(seconds, 0.001))))/s"
        guard let total, total > 0 else { return [speed, read, Units.bytes(position)] }
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
