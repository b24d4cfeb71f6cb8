import ClusterModel
import Responsibility

/// Writes numbers in decimal digits to memory that has room for eight bytes more than they need.
enum DecimalText {
    /// The octets of addresses with a dot behind each: the text in the lower half, first character lowest, and its length
    /// in the upper.
    static let octets: [UInt64] = (0..<256).map { number in
        let text = Array("\(number).".utf8)
        return text.indices.reduce(UInt64(text.count) << 32) { $0 | UInt64(text[$1]) << UInt64(8 * $1) }
    }

    /// Writes an address in dotted-quad form; `octets` is the table of that name.
    @inline(__always)
    static func put(address: UInt32, at text: inout UnsafeMutableRawPointer, _ octets: UnsafeBufferPointer<UInt64>) {
        put(octets[Int(address >> 24)], at: &text)
        put(octets[Int(address >> 16 & 255)], at: &text)
        put(octets[Int(address >> 8 & 255)], at: &text)
        put(octets[Int(address & 255)], at: &text)
        text -= 1
    }

    @inline(__always)
    private static func put(_ octet: UInt64, at text: inout UnsafeMutableRawPointer) {
        text.storeBytes(of: UInt32(truncatingIfNeeded: octet).littleEndian, as: UInt32.self)
        text += Int(octet >> 32)
    }

    /// Writes a number, all of whose digits are worked out side by side.
    @inline(__always)
    static func put(_ number: UInt32, at text: inout UnsafeMutableRawPointer) {
        guard number < 100_000_000 else { return putLarge(number, at: &text) }
        let fours = UInt64(number / 10_000) | UInt64(number % 10_000) << 32
        let hundreds: UInt64 = ((fours &* 10_486) >> 20) & 0x0000_007f_0000_007f
        let pairs: UInt64 = hundreds | (fours &- 100 &* hundreds) << 16
        let tens: UInt64 = ((pairs &* 103) >> 10) & 0x000f_000f_000f_000f
        let digits: UInt64 = tens | (pairs &- 10 &* tens) << 8
        // The last digit stays, be it a zero.
        let blanks = (digits | 1 << 56).trailingZeroBitCount & ~7
        text.storeBytes(of: ((digits | 0x3030_3030_3030_3030) >> UInt64(blanks)).littleEndian, as: UInt64.self)
        text += 8 - blanks / 8
    }

    private static func putLarge(_ number: UInt32, at text: inout UnsafeMutableRawPointer) {
        put(number / 10_000, at: &text)
        let start = text
        // With a one in front the zeros at the start are written too, and the one is written over.
        put(10_000 + number % 10_000, at: &text)
        start.copyMemory(from: start + 1, byteCount: 4)
        text -= 1
    }
}

/// Numbers for people.
enum Decimals {
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

    /// A number of any size with two digits, not negative: "0", "37", "1.3e-12", "4.2e9".
    static func power(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return value > 0 ? "many" : "0" }
        if value >= 0.01, value < 100_000 {
            return decimal(value, digits: value >= 10 ? 0 : value >= 1 ? 1 : 2)
        }
        var (digits, exponent) = (value, 0)
        while digits >= 9.95 { (digits, exponent) = (digits / 10, exponent + 1) }
        while digits < 0.995 { (digits, exponent) = (digits * 10, exponent - 1) }
        return "\(decimal(digits, digits: 1))e\(exponent)"
    }

    /// A share as percent, one digit after the point.
    static func percent(_ part: UInt64, of whole: UInt64) -> String {
        decimal(whole == 0 ? 0 : 100 * Double(part) / Double(whole), digits: 1) + " %"
    }
}
