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
