import Responsibility

/// Text for a file, built byte by byte, for where millions of lines are written.
struct ByteText {
    private var bytes: [UInt8] = []

    /// How many bytes there are.
    var count: Int { bytes.count }

    /// Adds text.
    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Adds one ASCII character.
    mutating func append(ascii character: Unicode.Scalar) { bytes.append(UInt8(truncatingIfNeeded: character.value)) }

    /// Adds a number in decimal digits.
    mutating func append(number: UInt32) {
        var divisor: UInt32 = 1
        while number / divisor >= 10 { divisor &*= 10 }
        var rest = number
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }

    /// Adds an address in dotted-quad form.
    mutating func append(address: UInt32) {
        for shift in [UInt32(24), 16, 8, 0] {
            append(number: address >> shift & 255)
            if shift > 0 { bytes.append(UInt8(ascii: ".")) }
        }
    }

    /// Writes all of it to standard output and begins anew.
    mutating func print() {
        bytes.withUnsafeBytes { Console.write($0) }
        bytes.removeAll(keepingCapacity: true)
    }
}
