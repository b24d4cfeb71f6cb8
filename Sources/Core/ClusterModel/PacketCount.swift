/// A counter as nftables keeps it.
public struct PacketCount: Hashable, Sendable, Codable {
    /// Packets counted since the table was made.
    public var packets: UInt64
    /// Their bytes, IP headers included, link headers not.
    public var bytes: UInt64

    /// A count of packets and bytes.
    public init(packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }

    /// The sum of two counts, the largest number there is when it would be larger.
    public static func + (left: Self, right: Self) -> Self {
        Self(
            packets: left.packets.addingSaturated(right.packets), bytes: left.bytes.addingSaturated(right.bytes))
    }
}
