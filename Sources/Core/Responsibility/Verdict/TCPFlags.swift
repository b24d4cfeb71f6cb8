/// The flags of a TCP header, as the bits of its 14th byte.
///
/// Source: RFC 9293, section 3.1.
public struct TCPFlags: OptionSet, Hashable, Sendable {
    /// The byte.
    public var rawValue: UInt8

    /// The flags of this byte.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// FIN.
    public static let fin = Self(rawValue: 0x01)
    /// SYN.
    public static let syn = Self(rawValue: 0x02)
    /// RST.
    public static let rst = Self(rawValue: 0x04)
    /// PSH.
    public static let psh = Self(rawValue: 0x08)
    /// ACK.
    public static let ack = Self(rawValue: 0x10)
    /// URG.
    public static let urg = Self(rawValue: 0x20)

    /// Whether a segment with these flags opens a connection: SYN set; ACK, RST and FIN clear.
    public var isPlainSYN: Bool { rawValue & 0x17 == 0x02 }
}
