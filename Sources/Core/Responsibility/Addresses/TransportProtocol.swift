/// An IP protocol number, by the rule of the kernel's `proto_ports_offset` about where its ports are.
///
/// Source: the protocol numbers of IANA (RFC 5237); net/core/utils.c for the offsets.
public struct TransportProtocol: RawRepresentable, Hashable, Sendable, Codable {
    /// The number in the IP header's protocol field.
    public var rawValue: UInt8

    /// The protocol with this number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// ICMP, number 1.
    public static let icmp = Self(rawValue: 1)
    /// TCP, number 6.
    public static let tcp = Self(rawValue: 6)
    /// UDP, number 17.
    public static let udp = Self(rawValue: 17)
    /// DCCP, number 33.
    public static let dccp = Self(rawValue: 33)
    /// GRE, number 47.
    public static let gre = Self(rawValue: 47)
    /// ESP, number 50: its "ports" are the halves of the SPI.
    public static let esp = Self(rawValue: 50)
    /// AH, number 51: its "ports" are the halves of the SPI, 4 bytes into the header.
    public static let ah = Self(rawValue: 51)
    /// ICMPv6, number 58.
    public static let icmpV6 = Self(rawValue: 58)
    /// SCTP, number 132.
    public static let sctp = Self(rawValue: 132)
    /// UDP-Lite, number 136.
    public static let udpLite = Self(rawValue: 136)

    /// Where in the transport header the two ports are, in bytes; nil when the kernel hashes this protocol with ports 0.
    ///
    /// Source: include/net/ip.h and net/core/utils.c, `proto_ports_offset`.
    public var portsOffset: Int? {
        switch self {
        case .tcp, .udp, .dccp, .esp, .sctp, .udpLite: 0
        case .ah: 4
        default: nil
        }
    }
}

extension TransportProtocol: LosslessStringConvertible {
    /// The names that protocols are shown by; then others that iptables, nftables, tcpdump and /etc/protocols have for them.
    private static let names: [(String, UInt8)] = [
        ("icmp", 1), ("igmp", 2), ("ipip", 4), ("tcp", 6), ("egp", 8), ("udp", 17), ("dccp", 33), ("ipv6", 41),
        ("rsvp", 46), ("gre", 47), ("esp", 50), ("ah", 51), ("icmpv6", 58), ("eigrp", 88), ("ospf", 89),
        ("etherip", 97), ("pim", 103), ("vrrp", 112), ("l2tp", 115), ("sctp", 132), ("udplite", 136), ("hip", 139),
        ("ipv6-icmp", 58), ("icmp6", 58), ("ospfigp", 89), ("ospf2", 89), ("ipencap", 4), ("ip-encap", 4), ("4in6", 4),
        ("sit", 41), ("ip6", 41), ("ipcomp", 108), ("comp", 108), ("carp", 112), ("udp-lite", 136), ("mpls-in-ip", 137),
        ("ipsec-esp", 50), ("ipsec-ah", 51), ("ipv6-crypt", 50), ("ipv6-auth", 51),
    ]

    /// The names by number.
    private static let shown: [String?] = (UInt8.min ... .max).map { number in names.first { $0.1 == number }?.0 }

    /// Reads a protocol's name in lower or upper case ("tcp", "UDP"), or its number 0–255.
    public init?(_ description: String) {
        let name = description.lowercased()
        if let known = Self.names.first(where: { $0.0 == name }) {
            self.init(rawValue: known.1)
        } else if let number = UInt8(description) {
            self.init(rawValue: number)
        } else {
            return nil
        }
    }

    /// The protocol's name, or its number when it has none here.
    public var description: String { Self.shown[Int(rawValue)] ?? String(rawValue) }
}

extension TransportProtocol {
    /// The two ports at the start of a transport header, as the kernel's hash reads them; nil when the protocol has
    /// none or the header is too short, and then the kernel hashes ports 0.
    ///
    /// ESP's and AH's "ports" are the upper and the lower 16 bits of their SPI.
    public func ports(inHeader header: UnsafeRawBufferPointer) -> (source: UInt16, destination: UInt16)? {
        guard let offset = portsOffset, header.count >= offset + 4 else { return nil }
        let bytes = (offset..<offset + 4).map { UInt16(header[$0]) }
        return (bytes[0] << 8 | bytes[1], bytes[2] << 8 | bytes[3])
    }
}
