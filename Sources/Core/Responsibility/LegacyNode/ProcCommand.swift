/// A write to `/proc/net/ipt_CLUSTERIP/ADDRESS`, parsed as the kernel does it.
///
/// Source: `clusterip_proc_write` of ipt_CLUSTERIP.c and `kstrtoul` of lib/kstrtox.c.
struct ProcCommand: Hashable {
    /// The most bytes of one write, `PROC_WRITELEN`.
    static let maximumLength = 10

    /// Whether the bucket is added; else it is removed.
    let adds: Bool
    /// The bucket, cut to 16 bits after parsing: "+65537" means 1.
    let bucket: UInt16

    init(_ bytes: [UInt8]) throws(KernelErrno) {
        guard bytes.count <= Self.maximumLength else { throw .inputOutput }
        let text = bytes.prefix { $0 != 0 }
        switch text.first {
        case UInt8(ascii: "+"): adds = true
        case UInt8(ascii: "-"): adds = false
        default: throw .inputOutput
        }
        bucket = UInt16(truncatingIfNeeded: try Self.number(text.dropFirst()))
    }

    /// `kstrtoul` with base 10: one leading plus and one trailing newline are allowed.
    ///
    /// Nine digits at most fit into a write, so that nothing can overflow.
    private static func number(_ text: ArraySlice<UInt8>) throws(KernelErrno) -> UInt64 {
        var digits = text
        if digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        if digits.last == UInt8(ascii: "\n") { digits = digits.dropLast() }
        guard !digits.isEmpty else { throw .invalidArgument }
        var number: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { throw .invalidArgument }
            number = number &* 10 &+ UInt64(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
