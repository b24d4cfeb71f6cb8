import Planning

/// What is done when every bucket is where the plan wants it.
public struct Afterwards: Hashable, Sendable {
    /// How long connections that old owners keep are waited for, in seconds; nil: they are left to end by themselves.
    public var wait: Double?
    /// Whether what is left then is reset; otherwise it lives on.
    public var resets = false

    /// The times that a key chooses from, in seconds.
    static let choices = [60.0, 600, 3600]
    /// How long new owners reset connections they do not know, in seconds.
    public static let resetTime = 60.0

    /// Nothing is waited for, or so many seconds.
    public init(wait: Double? = nil, resets: Bool = false) {
        self.wait = wait
        self.resets = resets && wait != nil
    }

    /// The next longer wait to choose; after the longest none.
    var longer: Afterwards {
        Afterwards(wait: Self.choices.first { $0 > wait ?? 0 }, resets: resets)
    }

    /// The time in words: "10 min".
    var time: String {
        guard let wait else { return "no time" }
        let whole = Int(wait)
        if whole > 0, whole % 3600 == 0 { return "\(whole / 3600) h" }
        return whole > 0 && whole % 60 == 0 ? "\(whole / 60) min" : "\(whole) s"
    }

    /// Reads "90", "90s", "10m", "2h", a week at most; nil for anything else.
    static func seconds(_ text: String) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        let unit = text.last.flatMap { units[$0] }
        guard let number = Int(unit == nil ? text[...] : text.dropLast()), number > 0, number <= 604_800 else {
            return nil
        }
        let seconds = Double(number) * (unit ?? 1)
        return seconds <= 604_800 ? seconds : nil
    }
}
