internal import CFlowLines
import Responsibility

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
    static func read(_ block: UnsafeRawBufferPointer, at offset: Int) -> (FlowRow, length: Int)? {
        guard let base = block.baseAddress else { return nil }
        let name = load32(base + offset)
        guard name == 0x2070_6374 || name == 0x2070_6475 else { return nil }  // "tcp " and "udp "
        let text = base + offset + 4
        var ends = nonDigits(text)
        var checks = Checks()
        let (a, b, c, d) = (take(&ends), take(&ends), take(&ends), take(&ends))
        let source = address(text, (0, a, b, c, d), &checks)
        let sourceEnd = take(&ends)
        let sourcePort = port(text, d + 1, sourceEnd, &checks)
        checks.different |= load32(text + sourceEnd) ^ 0x203e_2d20  // " -> "
        for _ in 0..<3 { _ = take(&ends) }
        let (e, f, g, h) = (take(&ends), take(&ends), take(&ends), take(&ends))
        let destination = address(text, (sourceEnd + 4, e, f, g, h), &checks)
        let lineEnd = take(&ends)
        let destinationPort = port(text, h + 1, lineEnd, &checks)
        checks.different |= byte(text, lineEnd) ^ 0x0a
        guard checks.passed else { return nil }
        let transport: TransportProtocol = name == 0x2070_6374 ? .tcp : .udp
        let row = FlowRow(
            source: source, destination: destination, sourcePort: sourcePort, destinationPort: destinationPort,
            transport: transport.rawValue)
        return (row, lineEnd + 5)
    }

    /// What is wrong, collected without branches: lengths of numbers are random, and branches on them mispredicted.
    private struct Checks {
        /// Not zero when a byte is not the one that must stand there.
        var different: UInt32 = 0
        /// Negative, as a signed number, when a number is out of its range.
        var negative: UInt64 = 0

        var passed: Bool {
            @inline(__always) get { different == 0 && negative & 0x8000_0000_8000_0000 == 0 }
        }
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

    /// The lowest position of a mask, which is taken out; bit 63 never is.
    @inline(__always)
    private static func take(_ mask: inout UInt64) -> Int {
        defer { mask &= mask &- 1 }
        return (mask | 1 << 63).trailingZeroBitCount
    }

    /// A dotted quad from where it starts to the positions of its dots and of the colon behind it.
    @inline(__always)
    private static func address(
        _ text: UnsafeRawPointer, _ ends: (Int, Int, Int, Int, Int), _ checks: inout Checks
    ) -> UInt32 {
        let dots: UInt32 = (byte(text, ends.1) ^ 0x2e) | (byte(text, ends.2) ^ 0x2e) | (byte(text, ends.3) ^ 0x2e)
        checks.different |= dots | (byte(text, ends.4) ^ 0x3a)
        let a = octet(text, ends.0, ends.1, &checks)
        let b = octet(text, ends.1 + 1, ends.2, &checks)
        let c = octet(text, ends.2 + 1, ends.3, &checks)
        let d = octet(text, ends.3 + 1, ends.4, &checks)
        return a << 24 | b << 16 | c << 8 | d
    }

    /// The number of one to three digits between two positions, at most 255 and without a leading zero.
    @inline(__always)
    private static func octet(_ text: UnsafeRawPointer, _ start: Int, _ end: Int, _ checks: inout Checks) -> UInt32 {
        let length = UInt32(truncatingIfNeeded: end &- start)
        let bits: UInt32 = length &* 8
        // The digits stand at the upper end then, the last one uppermost, with zero bytes below.
        let digits: UInt32 = (load32(text + start) ^ 0x3030_3030) << ((32 &- bits) & 31)
        // Read the other way round they compare like the number; with a leading zero they are too small.
        let ordered = digits.byteSwapped
        let least: UInt32 = (1 << (bits & 31)) >> 8 & ~1
        let lengths: UInt32 = (length &- 1) | (3 &- length)
        let values: UInt32 = (ordered &- least) | (0x02_0505 &- ordered)
        checks.negative |= UInt64(lengths | values)
        return (digits &* 0x64_0a01) >> 24
    }

    /// The number of one to five digits between two positions, at most 65535.
    @inline(__always)
    private static func port(_ text: UnsafeRawPointer, _ start: Int, _ end: Int, _ checks: inout Checks) -> UInt16 {
        let length = UInt64(truncatingIfNeeded: end &- start)
        let digits: UInt64 = (load64(text + start) ^ 0x3030_3030_3030_3030) << ((64 &- length &* 8) & 63)
        // Neighbouring digits, then pairs, then fours are joined to one number.
        let pairs: UInt64 = (digits &* 10 &+ (digits >> 8)) & 0x00ff_00ff_00ff_00ff
        let fours: UInt64 = (pairs &* 100 &+ (pairs >> 16)) & 0x0000_ffff_0000_ffff
        let value: UInt64 = (fours &* 10_000 &+ (fours >> 32)) & 0xffff_ffff
        // The lower half of a difference that is not negative may have its own sign bit: only the upper one counts.
        let ranges: UInt64 = (length &- 1) | (5 &- length) | (65_535 &- value)
        checks.negative |= ranges & 0x8000_0000_0000_0000
        return UInt16(truncatingIfNeeded: value)
    }

    @inline(__always)
    private static func byte(_ text: UnsafeRawPointer, _ offset: Int) -> UInt32 {
        UInt32(text.load(fromByteOffset: offset, as: UInt8.self))
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

/// The quick way through lines `tcp 10.0.0.1:1234 -> 10.0.0.2:80`, with the processor's vectors where it has them.
enum FastLines {
    /// Whether this processor has the vectors.
    static let hasVectors = clusterip_lines_available()

    /// Reads lines from the start of a block into columns until one is not exactly of this form, the block's end is near
    /// or the room is full; returns how many bytes were read.
    static func read(_ block: UnsafeRawBufferPointer, into columns: inout clusterip_lines, vectors: Bool) -> Int {
        guard !vectors else {
            return clusterip_read_lines(block.baseAddress?.assumingMemoryBound(to: UInt8.self), block.count, &columns)
        }
        var offset = 0
        while columns.count < columns.room, block.count - offset >= FastLine.reach,
            let (row, length) = FastLine.read(block, at: offset)
        {
            columns.put(row, at: columns.count)
            columns.count += 1
            offset += length
        }
        return offset
    }
}

extension FlowBatch {
    /// Takes as many lines as go the quick way, from an offset on; returns the offset of the first other line.
    mutating func appendFastLines(
        of block: UnsafeRawBufferPointer, from start: Int, vectors: Bool = FastLines.hasVectors
    ) -> Int {
        appendFast(of: block, from: start) { FastLines.read($0, into: &$1, vectors: vectors) }
    }

    /// Takes what a reader in C takes, a line each, from an offset on, with room for more as long as it fills what there is.
    ///
    /// - Parameter read: puts flows into columns, and returns how many bytes it took.
    mutating func appendFast(
        of block: UnsafeRawBufferPointer, from start: Int,
        _ read: (UnsafeRawBufferPointer, inout clusterip_lines) -> Int
    ) -> Int {
        var offset = start
        let before = count
        var goesOn = true
        while goesOn {
            room.grow(to: count + 1)
            let rest = UnsafeRawBufferPointer(rebasing: block[offset...])
            let old = count
            (count, offset) = room.withColumns(old) { columns in
                let taken = read(rest, &columns)
                return (columns.count, offset + taken)
            }
            goesOn = count == room.size
        }
        lines.append(lineCount + 1, count: count - before)
        lineCount += count - before
        return offset
    }
}
