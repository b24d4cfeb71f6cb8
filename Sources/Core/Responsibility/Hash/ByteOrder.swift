/// The byte order of a node's processor, which decides how the kernel reads the ports of a packet as numbers.
///
/// The kernel hashes ports as it loads them from the packet, without swapping: an x86-64 and an s390x node therefore
/// place the same flow differently in the modes with ports. Source: `clusterip_hashfn` of ipt_CLUSTERIP.c.
public enum ByteOrder: String, CaseIterable, Sendable, Codable {
    /// The least significant byte first: x86-64, arm64, riscv64.
    case little
    /// The most significant byte first: s390x, ppc64.
    case big

    /// A port as a processor of this order loads its two wire bytes; `port` is the port's number.
    @inlinable
    public func loaded(_ port: UInt16) -> UInt32 { UInt32(self == .little ? port.byteSwapped : port) }

    /// Four wire bytes as a processor of this order loads them; `word` is their value read in network order.
    @inlinable
    public func loaded(_ word: UInt32) -> UInt32 { self == .little ? word.byteSwapped : word }
}
