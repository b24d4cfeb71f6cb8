/// An IPv4 address.
///
/// Source: RFC 791; the text is the strict dotted quad of `inet_pton`.
public struct IPv4Address: Hashable, Sendable {
    /// The address as a number in host byte order: 10.8.0.1 is 0x0a080001.
    public var number: UInt32

    /// The address with this number, host byte order.
    public init(number: UInt32) { self.number = number }

    /// The address a.b.c.d.
    public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
        number = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
    }
}

extension IPv4Address: LosslessStringConvertible {
    /// Reads dotted-quad text, decimal, exactly four parts without leading zeros ("010" is octal to some programs and
    /// decimal to others); nil for anything else.
    public init?(_ description: String) { self.init(utf8: description.utf8) }

    /// Reads the same over bytes; nil for anything else.
    @inlinable @inline(__always)
    public init?(utf8 bytes: some Sequence<UInt8>) {
        var number: UInt32 = 0
        var part: UInt32?
        var dots = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if part == 0 { return nil }
                let value = (part ?? 0) * 10 + UInt32(byte - UInt8(ascii: "0"))
                guard value <= 255 else { return nil }
                part = value
            case UInt8(ascii: "."):
                guard let value = part, dots < 3 else { return nil }
                number = number << 8 | value
                part = nil
                dots += 1
            default:
                return nil
            }
        }
        guard dots == 3, let value = part else { return nil }
        self.number = number << 8 | value
    }

    /// The address in dotted-quad form.
    public var description: String {
        "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
    }
}

extension IPv4Address: Comparable {
    /// Orders addresses by their number.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

extension IPv4Address: TextCodable {}
