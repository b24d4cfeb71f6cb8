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
