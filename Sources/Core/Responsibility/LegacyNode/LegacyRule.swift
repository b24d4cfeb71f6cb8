/// An iptables rule with the target CLUSTERIP, as the kernel is asked to accept it.
///
/// The fields are those of `struct ipt_clusterip_tgt_info` and of the rule's match; the kernel checks them, not this
/// type, so that rules which iptables itself would refuse can be tried too. Source: `clusterip_tg_check`.
public struct LegacyRule: Hashable, Sendable {
    /// The table, "filter" or "mangle".
    public var table: String
    /// The chain, "INPUT".
    public var chain: String
    /// The destination address; 0.0.0.0 for none.
    public var destination: IPv4Address
    /// The length of the destination's mask, 0–32.
    public var prefixLength: Int
    /// The interface, `-i`; empty for none.
    public var interface: String
    /// The protocol, `-p`; nil for any.
    public var transport: TransportProtocol?
    /// The target's own options.
    public var options: LegacyOptions
    /// Whether the rule comes through iptables-nft.
    public var isThroughNftables: Bool

    /// A rule from its parts; by default in `filter` and `INPUT`, by iptables-legacy.
    public init(
        table: String = "filter", chain: String = "INPUT", destination: IPv4Address, prefixLength: Int = 32,
        interface: String, transport: TransportProtocol? = nil, options: LegacyOptions,
        isThroughNftables: Bool = false
    ) {
        self.table = table
        self.chain = chain
        self.destination = destination
        self.prefixLength = prefixLength
        self.interface = interface
        self.transport = transport
        self.options = options
        self.isThroughNftables = isThroughNftables
    }

    /// The rule as `iptables-save` prints it: always with the options it was made with, never with the live buckets.
    public var saved: String {
        var words = ["-A", chain]
        if prefixLength > 0 { words += ["-d", "\(destination)/\(prefixLength)"] }
        if !interface.isEmpty { words += ["-i", interface] }
        if let transport { words += ["-p", transport.description] }
        return (words + ["-j", "CLUSTERIP"]).joined(separator: " ") + options.saved
    }
}
