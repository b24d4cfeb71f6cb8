/// A cluster address inside the kernel: what all rules with the same destination share.
///
/// Source: `struct clusterip_config` of ipt_CLUSTERIP.c.
public struct LegacyAddress: Hashable, Sendable {
    /// The most buckets that the live bitmap holds on a 64-bit machine.
    public static let bitmapSize = 64

    /// The options of the rule that created it; those of later rules are ignored.
    public let options: LegacyOptions
    /// The name of the interface it is bound to.
    public let interface: String
    /// Whether that interface is there under that name now: only then the multicast address is set and ARP rewritten.
    public internal(set) var isBound: Bool
    /// The buckets owned now, bit `bucket − 1`.
    public internal(set) var bitmap: UInt64
    /// How many rules share it (and how many refused rules leaked a reference).
    public internal(set) var entries: Int

    init(options: LegacyOptions, interface: String) {
        self.options = options
        self.interface = interface
        isBound = true
        entries = 1
        bitmap = options.localNodes.reduce(0) { (1...64).contains($1) ? $0 | 1 << UInt64($1 - 1) : $0 }
    }

    /// Whether a bucket is owned now; a bucket beyond the bitmap never is.
    public func owns(_ bucket: Int) -> Bool {
        (1...Self.bitmapSize).contains(bucket) && bitmap >> UInt64(bucket - 1) & 1 == 1
    }

    /// The buckets owned now, ascending.
    public var owned: [Int] { (1...Self.bitmapSize).filter(owns) }

    /// What reading `/proc/net/ipt_CLUSTERIP/ADDRESS` gives: "1,3\n", and nothing at all when no bucket is owned.
    ///
    /// The kernel copies the bitmap into 32 bits for it: buckets above 32 never appear.
    public var procText: String {
        let visible = owned.filter { $0 <= 32 }
        return visible.isEmpty ? "" : visible.map(String.init).joined(separator: ",") + "\n"
    }

    /// What one write to `/proc/net/ipt_CLUSTERIP/ADDRESS` does; throws the errno and then changes nothing.
    ///
    /// "+3" adds and "-3" removes one bucket; at most 10 bytes with an optional newline at the end. ENOMEM also means
    /// "owned already" and ENOENT "not owned". Bytes from a NUL on are ignored, and the number is cut to 16 bits.
    public mutating func write(_ bytes: [UInt8]) throws(KernelErrno) {
        let command = try ProcCommand(bytes)
        let isInRange = command.bucket >= 1 && command.bucket <= options.totalNodes
        guard isInRange, owns(Int(command.bucket)) != command.adds else {
            throw command.adds ? .noMemory : .noEntry
        }
        // Above 64 the kernel sets a bit of other memory; whatever that hits, no bucket changes.
        guard command.bucket <= Self.bitmapSize else { return }
        bitmap ^= 1 << UInt64(command.bucket - 1)
    }
}

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
