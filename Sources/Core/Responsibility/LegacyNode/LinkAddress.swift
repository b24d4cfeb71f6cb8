/// An Ethernet address as iptables reads and prints it.
///
/// Source: libxtables, `xtables_print_mac`, and `parse_mac` of extensions/libipt_CLUSTERIP.c.
public struct LinkAddress: Hashable, Sendable {
    /// The six octets in transmission order, in the low 48 bits: 01:00:5e:00:00:20 is 0x01005e000020.
    public var number: UInt64

    /// The address with these low 48 bits.
    public init(number: UInt64) { self.number = number & 0xffff_ffff_ffff }

    /// Whether the group bit is set, as a cluster MAC address needs it.
    public var isMulticast: Bool { number >> 40 & 1 == 1 }
}

extension LinkAddress: LosslessStringConvertible {
    /// Reads six hex octets of one or two digits separated by colons; nil for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        var number: UInt64 = 0
        for part in parts {
            guard (1...2).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
                let octet = UInt8(part, radix: 16)
            else { return nil }
            number = number << 8 | UInt64(octet)
        }
        self.number = number
    }

    /// Six upper-case hex octets separated by colons, as `iptables-save` prints them.
    public var description: String {
        (0..<6).map { position in
            let octet = UInt8(truncatingIfNeeded: number >> (40 - 8 * position))
            return (octet < 16 ? "0" : "") + String(octet, radix: 16, uppercase: true)
        }.joined(separator: ":")
    }
}
