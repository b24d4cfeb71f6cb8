import Responsibility

/// An Ethernet address.
public struct MACAddress: Hashable, Sendable {
    /// The six octets in transmission order, in the low 48 bits: 01:00:5e:00:00:20 is 0x01005e000020.
    public var number: UInt64

    /// The address with these low 48 bits.
    public init(number: UInt64) { self.number = number & 0xffff_ffff_ffff }

    /// Whether two addresses that are both known differ.
    public func isOther(than other: MACAddress) -> Bool {
        self != other && self != .unknown && other != .unknown
    }

    /// The address for people: "unknown" where nothing tells it.
    public var text: String { self == .unknown ? "unknown" : description }

    /// The six octets in transmission order.
    public var octets: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: number >> (40 - 8 * $0)) } }

    /// What stands where nothing on a node tells the address.
    public static let unknown = MACAddress(number: 0)

    /// The group of IPv4 in 239.0.0.0/8 whose frames go to this address; nil when it does not begin with 01:00:5e and a 0 bit.
    ///
    /// Source: RFC 1112, 6.4: the low 23 bits of the group. 239.0.0.0/8 is for private use (RFC 2365).
    public var group: IPAddress? {
        guard number >> 23 == 0x0100_5e00_0000 >> 23 else { return nil }
        return .v4(IPv4Address(number: 239 << 24 | UInt32(truncatingIfNeeded: number & 0x7f_ffff)))
    }

    /// Whether the group bit is set, as a cluster MAC needs it.
    public var isMulticast: Bool { number >> 40 & 1 == 1 }
}

extension MACAddress: LosslessStringConvertible {
    /// Reads six hex octets of one or two digits separated by colons; nil for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        var number: UInt64 = 0
        for part in parts {
            guard (1...2).contains(part.utf8.count), part.first != "+", let octet = UInt8(part, radix: 16) else {
                return nil
            }
            number = number << 8 | UInt64(octet)
        }
        self.number = number
    }

    /// Six lower-case hex octets separated by colons.
    public var description: String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}

extension MACAddress: TextCodable {}
