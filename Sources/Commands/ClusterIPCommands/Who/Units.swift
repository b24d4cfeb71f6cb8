/// Numbers for people.
enum Units {
    /// Bytes with a decimal prefix: "1.2 GB".
    static func bytes(_ count: Int) -> String { scaled(Double(count), "B") }

    /// A number with a decimal prefix and a unit.
    private static func scaled(_ value: Double, _ unit: String) -> String {
        var value = value
        for prefix in ["", "k", "M", "G"] {
            if value < 1000 { return "\(decimal(value, digits: prefix.isEmpty ? 0 : 1)) \(prefix)\(unit)" }
            value /= 1000
        }
        return "\(decimal(value, digits: 1)) T\(unit)"
    }

    /// A number, not negative and below 2^53, with so many digits after the point.
    static func decimal(_ value: Double, digits: Int) -> String {
        var factor = 1
        for _ in 0..<digits { factor *= 10 }
        let scaled = Int(min(max(value, 0) * Double(factor) + 0.5, 9e15))
        guard digits > 0 else { return String(scaled) }
        let rest = String(scaled % factor)
        return "\(scaled / factor)." + String(repeating: "0", count: digits - rest.utf8.count) + rest
    }

    /// A share as percent, one digit after the point.
    static func percent(_ part: UInt64, of whole: UInt64) -> String {
        decimal(whole == 0 ? 0 : 100 * Double(part) / Double(whole), digits: 1) + " %"
    }
}
