/// The bits of `ct state`.
///
/// Source: include/net/netfilter/nf_conntrack.h, `NF_CT_STATE_BIT`.
struct ConnectionStates: OptionSet {
    /// The bits as the kernel has them, in host order.
    var rawValue: UInt32

    /// Part of an established connection, in either direction.
    static let established = Self(rawValue: 1 << 1)
    /// Opens a connection that another one announced, or is an ICMP error of a known connection.
    static let related = Self(rawValue: 1 << 2)
}
