/// What ipt_CLUSTERIP hashes of a packet; the names are those of iptables' `--hashmode`.
///
/// Source: include/uapi/linux/netfilter_ipv4/ipt_CLUSTERIP.h, `enum clusterip_hashmode`.
public enum HashMode: String, CaseIterable, Sendable, Codable {
    /// The source address.
    case sourceIP = "sourceip"
    /// The source address and source port.
    case sourceIPSourcePort = "sourceip-sourceport"
    /// The source address, source port and destination port.
    case sourceIPSourcePortDestinationPort = "sourceip-sourceport-destport"

    /// How many 32-bit words enter the hash: 1, 2 or 3.
    public var wordCount: Int {
        switch self {
        case .sourceIP: 1
        case .sourceIPSourcePort: 2
        case .sourceIPSourcePortDestinationPort: 3
        }
    }
}
