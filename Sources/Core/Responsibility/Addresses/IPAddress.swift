/// An address of either family.
///
/// As a number it is in host order, as bytes in wire order. Source: RFC 791, RFC 4291.
public enum IPAddress: Hashable, Sendable {
    /// An IPv4 address.
    case v4(IPv4Address)
    /// An IPv6 address.
    case v6(IPv6Address)

    /// The IPv4 address a.b.c.d.
    public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) { self = .v4(IPv4Address(a, b, c, d)) }

    /// Which family an address is of.
    public enum Family: String, CaseIterable, Sendable, Codable {
        /// IPv4.
        case v4 = "ipv4"
        /// IPv6.
        case v6 = "ipv6"

        /// The number of bits of an address: 32 or 128.
        public var bitCount: Int { self == .v4 ? 32 : 128 }
    }

    /// The family.
    public var family: Family {
        switch self {
        case .v4: .v4
        case .v6: .v6
        }
    }

    /// Whether it is the address of a group: 224.0.0.0/4 (RFC 1112) or ff00::/8 (RFC 4291).
    public var isMulticast: Bool {
        switch self {
        case .v4(let address): address.number >> 28 == 0xe
        case .v6(let address): address.high >> 56 == 0xff
        }
    }

    /// Hashes the number alone: where the two families meet, few addresses have the same.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .v4(let address): hasher.combine(address.number)
        case .v6(let address): hasher.combine(address)
        }
    }

    /// The IPv4 address; nil for one of IPv6.
    @inlinable
    public var v4: IPv4Address? {
        guard case .v4(let address) = self else { return nil }
        return address
    }
}

extension IPAddress: Comparable {
    /// Orders addresses by their number, IPv4 before IPv6.
    public static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.v4(let left), .v4(let right)): left < right
        case (.v6(let left), .v6(let right)): left < right
        case (.v4, .v6): true
        case (.v6, .v4): false
        }
    }
}

extension IPAddress: TextCodable {}

extension IPAddress: LosslessStringConvertible {
    /// Reads dotted-quad text or IPv6 text; nil for anything else.
    public init?(_ description: String) {
        if let address = IPv4Address(description) {
            self = .v4(address)
        } else if let address = IPv6Address(description) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// The address as text.
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}
