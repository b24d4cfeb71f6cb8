import Responsibility

/// What the bytes of a captured packet turned out to be; lengths are those of the IP packet in bytes.
public enum DecodedPacket: Hashable, Sendable {
    /// An IP packet of either family, whole or the first fragment of a datagram.
    case packet(Flow, length: UInt32, isFirstFragment: Bool)
    /// A fragment other than the first: it has no ports, and the kernel joins it to the first before it hashes.
    case laterFragment(length: UInt32)
    /// Fewer bytes were captured than tell the flow.
    case truncated
    /// ARP and everything else that is not IP.
    case notIP
    /// An IP header that cannot be one.
    case malformed
}
