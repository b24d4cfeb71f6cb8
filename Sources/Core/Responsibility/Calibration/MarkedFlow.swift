/// A connection's original direction with the mark that a node's rules wrote: the bucket.
///
/// Source: `conntrack -L`, "mark="; ipt_CLUSTERIP writes it (`clusterip_tg`) for connections that are new, and rules of
/// ip6tables and nftables write it for IPv6 ones.
public struct MarkedFlow: Hashable, Sendable {
    /// The original direction.
    public var flow: Flow
    /// The mark, a bucket from 1 on; 0 is no mark.
    public var mark: UInt32

    /// A flow with its mark.
    public init(flow: Flow, mark: UInt32) {
        self.flow = flow
        self.mark = mark
    }
}
