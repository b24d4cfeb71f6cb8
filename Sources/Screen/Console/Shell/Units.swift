/// Numbers as operators read them: three digits that count and a letter, always of the same width or less.
enum Units {
    private static let letters = ["", "k", "M", "G", "T", "P"]

    /// At most five characters: "0", "12", "999", "1.2k", "12.4k", "999k", "1.2M"; "-" for what is no number.
    static func short(_ value: Double) -> String {
        guard value.isFinite, value >= 0, value < 1e18 else { return "-" }
        var value = value
        var step = 0
        while value >= 999.5, step < letters.count - 1 {
            value /= 1000
            step += 1
        }
        guard step > 0, value < 99.95 else { return "\(Int(value.rounded()))\(letters[step])" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)\(letters[step])"
    }

    /// A count; "1.2M".
    static func short(_ value: UInt64) -> String { short(Double(value)) }

    /// Bits per second: "9.9 Mbit/s".
    static func bits(_ value: Double) -> String {
        let text = short(value)
        guard let last = text.last, last.isLetter else { return "\(text) bit/s" }
        return "\(text.dropLast()) \(last)bit/s"
    }

    /// An age in whole seconds, minutes or hours: "4s", "12m", "3h", "2d".
    static func age(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "-" }
        let whole = Int(seconds)
        switch whole {
        case ..<100: return "\(whole)s"
        case ..<6000: return "\(whole / 60)m"
        case ..<172_800: return "\(whole / 3600)h"
        default: return "\(whole / 86_400)d"
        }
    }

    /// A delay in milliseconds, coarse so that it stands still: "<1 ms", "12 ms".
    static func delay(_ milliseconds: Double) -> String {
        guard milliseconds.isFinite, milliseconds >= 0, milliseconds < 1e9 else { return "-" }
        return milliseconds < 1 ? "<1 ms" : "\(Int(milliseconds)) ms"
    }

    /// A share of a whole: "0%", "<1%", "33%".
    static func percent(_ part: Double, of whole: Double) -> String {
        guard part.isFinite, whole.isFinite, whole > 0, part > 0 else { return "0%" }
        let share = min(part / whole, 1) * 100
        return share < 0.5 ? "<1%" : "\(Int(share.rounded()))%"
    }

    /// A number as typed: "100", "1.5k", "2M"; nil for anything else.
    static func parsed(_ text: String) -> Double? {
        var digits = Substring(text)
        var factor = 1.0
        if let letter = text.last, let step = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9][letter] {
            digits = digits.dropLast()
            factor = step
        }
        guard !digits.isEmpty, digits.utf8.count <= 15,
            digits.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }), let number = Double(String(digits))
        else { return nil }
        return number * factor
    }
}
