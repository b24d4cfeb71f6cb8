/// An address of either family.
///
/// As a number it is in host order, as bytes in wire order. Source: RFC 791, RFC 4291.
public enum IPAddress: Hashable, Sendable {
    /// An IPv4 address.
    case v4(IPv4Address)
    /// An IPv6 address.
    case v6(IPv6Address)
}

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
