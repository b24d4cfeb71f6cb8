/// The quick way through `tcp 10.0.0.1:1234 -> 10.0.0.2:80`, without a branch per digit.
///
/// One mask of all bytes that are no digits gives the ends of all numbers at once, so that the processor reads them side
/// by side. This takes exactly the lines of this one form for TCP and UDP, and leaves everything else, mistakes
/// included, to the other parsers; both give the same flows.
enum FastLine {
    /// How many bytes must be there: what the loads of the longest such line, or of a wrong one, may touch.
    static let reach = 80

    /// The flow of the line at an offset, and its length with the newline; nil when it is not of this form.
    @inline(__always)
    static func read(_ block: UnsafeRawBufferPointer, at offset: Int) -> (Flow, length: Int)? {
        guard let base = block.baseAddress else { return nil }
        let name = load32(base + offset)
        guard name == 0x2070_6374 || name == 0x2070_6475 else { return nil }  // "tcp " and "udp "
        let text = base + offset + 4
        var ends = nonDigits(text)
        var wrong: UInt64 = 0
        let source = address(text, 0, &ends, &wrong)
        let sourceEnd = take(&ends)
        let sourcePort = port(text, source.end, sourceEnd, &wrong)
        wrong |= UInt64(load32(text + sourceEnd) ^ 0x203e_2d20)  // " -> "
        for _ in 0..<3 { _ = take(&ends) }
        let destination = address(text, sourceEnd + 4, &ends, &wrong)
        let lineEnd = take(&ends)
        let destinationPort = port(text, destination.end, lineEnd, &wrong)
        wrong |= UInt64(byte(text, lineEnd) ^ UInt8(ascii: "\n"))
        guard wrong == 0 else { return nil }
        let flow = Flow(
            transport: name == 0x2070_6374 ? .tcp : .udp, source: source.address, sourcePort: sourcePort,
            destination: destination.address, destinationPort: destinationPort)
        return (flow, lineEnd + 5)
    }

    /// A bit for each of 48 bytes that is no digit, the first byte lowest; the bits above are set.
    @inline(__always)
    private static func nonDigits(_ text: UnsafeRawPointer) -> UInt64 {
        var mask: UInt64 = 0xffff << 48
        for word in 0..<6 {
            let bytes = load64(text + word * 8) ^ 0x3030_3030_3030_3030
            let above: UInt64 = (bytes & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7676_7676_7676_7676
            let high: UInt64 = (above | bytes) & 0x8080_8080_8080_8080
            // The product gathers the eight bits, none of which meet, in its highest byte.
            let bits: UInt64 = ((high >> 7) &* 0x0102_0408_1020_4080) >> 56
            mask |= bits << UInt64(word * 8)
        }
        return mask
    }

    /// The lowest position of a mask, which is taken out.
    @inline(__always)
    private static func take(_ mask: inout UInt64) -> Int {
        defer { mask &= mask &- 1 }
        return mask.trailingZeroBitCount & 63
    }

    /// A dotted quad with a colon behind it, and the position after that.
    @inline(__always)
    private static func address(
        _ text: UnsafeRawPointer, _ start: Int, _ ends: inout UInt64, _ wrong: inout UInt64
    ) -> (address: IPv4Address, end: Int) {
        let (first, second, third, fourth) = (take(&ends), take(&ends), take(&ends), take(&ends))
        let dots = (byte(text, first) ^ 0x2e) | (byte(text, second) ^ 0x2e) | (byte(text, third) ^ 0x2e)
        wrong |= UInt64(dots | (byte(text, fourth) ^ 0x3a))
        let a = octet(text, start, first, &wrong)
        let b = octet(text, first + 1, second, &wrong)
        let c = octet(text, second + 1, third, &wrong)
        let d = octet(text, third + 1, fourth, &wrong)
        return (IPv4Address(number: a << 24 | b << 16 | c << 8 | d), fourth + 1)
    }

    /// The number of one to three digits between two positions, at most 255 and without a leading zero.
    @inline(__always)
    private static func octet(_ text: UnsafeRawPointer, _ start: Int, _ end: Int, _ wrong: inout UInt64) -> UInt32 {
        let length = UInt32(truncatingIfNeeded: end &- start)
        // The digits stand at the upper end then, the last one uppermost, with zero bytes below.
        let digits: UInt32 = (load32(text + start) ^ 0x3030_3030) << ((32 &- length &* 8) & 31)
        let hundreds: UInt32 = digits >> 8 & 0xff
        let tens: UInt32 = digits >> 16 & 0xff
        let value: UInt32 = hundreds &* 100 &+ tens &* 10 &+ (digits >> 24)
        // The least value of each length: 0, 0, 10, 100. A smaller one has a leading zero.
        let least: UInt32 = 0x640a_0000 >> ((length &* 8) & 31) & 0xff
        let values: UInt32 = (value &- least) | (255 &- value)
        let lengths: UInt32 = (length &- 1) | (3 &- length)
        wrong |= UInt64((values | lengths) & 0x8000_0000)
        return value
    }

    /// The number of one to five digits between two positions, at most 65535.
    @inline(__always)
    private static func port(_ text: UnsafeRawPointer, _ start: Int, _ end: Int, _ wrong: inout UInt64) -> UInt16 {
        let length = UInt64(truncatingIfNeeded: end &- start)
        let digits: UInt64 = (load64(text + start) ^ 0x3030_3030_3030_3030) << ((64 &- length &* 8) & 63)
        // Neighbouring digits, then pairs, then fours are joined to one number.
        let pairs: UInt64 = (digits &* 10 &+ (digits >> 8)) & 0x00ff_00ff_00ff_00ff
        let fours: UInt64 = (pairs &* 100 &+ (pairs >> 16)) & 0x0000_ffff_0000_ffff
        let value: UInt64 = (fours &* 10_000 &+ (fours >> 32)) & 0xffff_ffff
        let ranges: UInt64 = (length &- 1) | (5 &- length) | (65_535 &- value)
        wrong |= ranges & 0x8000_0000_0000_0000
        return UInt16(truncatingIfNeeded: value)
    }

    @inline(__always)
    private static func byte(_ text: UnsafeRawPointer, _ offset: Int) -> UInt8 {
        text.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    private static func load32(_ pointer: UnsafeRawPointer) -> UInt32 {
        UInt32(littleEndian: pointer.loadUnaligned(as: UInt32.self))
    }

    @inline(__always)
    private static func load64(_ pointer: UnsafeRawPointer) -> UInt64 {
        UInt64(littleEndian: pointer.loadUnaligned(as: UInt64.self))
    }
}
