/// The packets of a capture by what they are, before any is placed.
public struct CaptureCounts: Hashable, Sendable {
    /// All packets read.
    public var packets: UInt64 = 0
    /// First fragments: they have ports and are placed like whole packets.
    public var firstFragments: UInt64 = 0
    /// Fragments other than the first, counted apart.
    public var laterFragments: UInt64 = 0
    /// Bytes of the later fragments.
    public var laterFragmentBytes: UInt64 = 0
    /// Packets of which too few bytes were captured, counted apart.
    public var truncated: UInt64 = 0
    /// Packets of interfaces whose link layer is not read, in a capture of several.
    public var otherLinkLayer: UInt64 = 0
    /// Packets that are not IP.
    public var notIP: UInt64 = 0
    /// Packets with an IP header that cannot be one.
    public var malformed: UInt64 = 0
    /// Packets to other addresses than the one asked for.
    public var otherDestination: UInt64 = 0

    /// Nothing.
    public init() {}

    /// Counts a packet that is not placed.
    mutating func take(_ packet: DecodedPacket) {
        switch packet {
        case .laterFragment(let length):
            laterFragments &+= 1
            laterFragmentBytes &+= UInt64(length)
        case .truncated: truncated &+= 1
        case .notIP: notIP &+= 1
        case .malformed: malformed &+= 1
        case .packet: break
        }
    }
}
