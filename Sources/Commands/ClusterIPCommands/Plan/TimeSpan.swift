import ArgumentParser

/// A time that an operator types: 90, 90s, 10m, 2h.
struct TimeSpan: ExpressibleByArgument, Hashable {
    /// Longest: a week.
    private static let limit = 604_800.0
    private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]

    var seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init?(argument: String) {
        let unit = argument.last.flatMap { Self.units[$0] }
        let digits = unit == nil ? argument[...] : argument.dropLast()
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let number = Double(digits), number * (unit ?? 1) <= Self.limit
        else { return nil }
        seconds = number * (unit ?? 1)
    }

    /// The time as an operator types it: "90s", "10m", "2h".
    var text: String {
        let whole = Int(seconds)
        if Double(whole) != seconds { return "\(seconds)s" }
        if whole > 0, whole % 3600 == 0 { return "\(whole / 3600)h" }
        return whole > 60 && whole % 60 == 0 ? "\(whole / 60)m" : "\(whole)s"
    }
}
