/// An IPv6 address.
///
/// Source: RFC 4291; the text written is that of RFC 5952. Zones ("%eth0") are no part of it.
public struct IPv6Address: Hashable, Sendable {
    /// The first 64 bits as a number in host byte order: 2001:db8::1 has 0x20010db800000000.
    public var high: UInt64
    /// The last 64 bits as a number in host byte order.
    public var low: UInt64

    /// The address with these halves, each in host byte order.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The four 32-bit words in order, each as a number in host byte order.
    public var words: [UInt32] {
        [high >> 32, high, low >> 32, low].map { UInt32(truncatingIfNeeded: $0) }
    }

    /// The 16 bytes in wire order.
    public var bytes: [UInt8] {
        words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
    }
}

extension IPv6Address: LosslessStringConvertible {
    /// Reads the forms of RFC 4291, section 2.2: eight groups, "::" once, a dotted quad at the end; nil for anything
    /// else, a zone ("%eth0") included.
    public init?(_ description: String) {
        var text = description
        let result = text.withUTF8 { IPv6Text.parse(UnsafeRawBufferPointer($0)) }
        guard let result else { return nil }
        self = result
    }

    /// The address in the form of RFC 5952: lower case, the longest run of zero groups shortened.
    public var description: String { IPv6Text.format(self) }
}

extension IPv6Address: Comparable {
    /// Orders addresses by their number.
    public static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension IPv6Address: TextCodable {}
