/// The quick way through `tcp 10.0.0.1:1234 -> 10.0.0.2:80`, four or eight bytes at a time without a branch per digit.
///
/// It takes exactly the lines of this one form for TCP and UDP, and leaves everything else, mistakes included, to the
/// other parsers; both give the same flows.
enum FastLine {
    /// How many bytes must be there: the longest such line, and what the last load reads beyond it.
    static let reach = 64

    /// The flow of the line at an offset, and its length with the newline; nil when it is not of this form.
    @inline(__always)
    static func read(_ block: UnsafeRawBufferPointer, at offset: Int) -> (Flow, length: Int)? {
        guard let base = block.baseAddress else { return nil }
        let start = base + offset
        let name = load32(start)
        guard name == 0x2070_6374 || name == 0x2070_6475 else { return nil }  // "tcp " and "udp "
        var cursor = start + 4
        var isWrong = false
        let source = address(&cursor, &isWrong)
        let sourcePort = port(&cursor, end: UInt8(ascii: " "), &isWrong)
        guard !isWrong, load32(cursor) & 0xff_ffff == 0x20_3e2d else { return nil }  // "-> "
        cursor += 3
        let destination = address(&cursor, &isWrong)
        let destinationPort = port(&cursor, end: UInt8(ascii: "\n"), &isWrong)
        guard !isWrong else { return nil }
        let flow = Flow(
            transport: name == 0x2070_6374 ? .tcp : .udp, source: source, sourcePort: sourcePort,
            destination: destination, destinationPort: destinationPort)
        return (flow, cursor - start)
    }

    /// A dotted quad with a colon behind it, after which the cursor then stands.
    @inline(__always)
    private static func address(_ cursor: inout UnsafeRawPointer, _ isWrong: inout Bool) -> IPv4Address {
        let dot: UInt32 = 0x2e2e_2e2e
        var number = octet(&cursor, dot, &isWrong)
        number = number << 8 | octet(&cursor, dot, &isWrong)
        number = number << 8 | octet(&cursor, dot, &isWrong)
        return IPv4Address(number: number << 8 | octet(&cursor, 0x3a3a_3a3a, &isWrong))
    }

    /// One to three digits, at most 255 and without a leading zero, with the byte of `end` behind them.
    @inline(__always)
    private static func octet(_ cursor: inout UnsafeRawPointer, _ end: UInt32, _ isWrong: inout Bool) -> UInt32 {
        let word = load32(cursor)
        let difference = word ^ end
        let found = (difference &- 0x0101_0101) & ~difference & 0x8080_8080
        let length = UInt32(truncatingIfNeeded: found.trailingZeroBitCount >> 3)  // 4 when nothing is found
        let shift = (32 &- length &* 8) & 31
        // The digits stand at the upper end now, the last one uppermost, with zero bytes below.
        let digits = (word ^ 0x3030_3030) << shift
        let value = (digits >> 8 & 0xff) &* 100 &+ (digits >> 16 & 0xff) &* 10 &+ digits >> 24
        let isDigits = (digits | (digits &+ 0x7676_7676)) & 0x8080_8080 == 0
        let isShort = length &- 1 <= 2
        let hasLeadingZero = length > 1 && digits >> shift & 0xff == 0
        isWrong = isWrong || !isDigits || !isShort || hasLeadingZero || value > 255
        cursor += Int(length) + 1
        return value
    }

    /// One to five digits, at most 65535, with the byte `end` behind them.
    @inline(__always)
    private static func port(_ cursor: inout UnsafeRawPointer, end: UInt8, _ isWrong: inout Bool) -> UInt16 {
        let word = UInt64(littleEndian: cursor.loadUnaligned(as: UInt64.self))
        let difference = word ^ (0x0101_0101_0101_0101 &* UInt64(end))
        let found = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
        let length = UInt64(truncatingIfNeeded: found.trailingZeroBitCount >> 3)  // 8 when nothing is found
        let shift = (64 &- length &* 8) & 63
        let digits = (word ^ 0x3030_3030_3030_3030) << shift
        let isDigits = (digits | (digits &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 == 0
        // Neighbouring digits, then pairs, then fours are joined to one number.
        let pairs = (digits &* 10 &+ digits >> 8) & 0x00ff_00ff_00ff_00ff
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_ffff_0000_ffff
        let value = (fours &* 10_000 &+ fours >> 32) & 0xffff_ffff
        isWrong = isWrong || !isDigits || length &- 1 > 4 || value > 65_535
        cursor += Int(length) + 1
        return UInt16(truncatingIfNeeded: value)
    }

    @inline(__always)
    private static func load32(_ pointer: UnsafeRawPointer) -> UInt32 {
        UInt32(littleEndian: pointer.loadUnaligned(as: UInt32.self))
    }
}
