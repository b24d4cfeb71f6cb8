extension ClusterSnapshot {
    /// A connection-tracking table that is full from 90 percent on.
    ///
    /// Source: net/netfilter/nf_conntrack_core.c, `__nf_conntrack_alloc`: above the limit the kernel forgets a connection
    /// that is not assured, and drops the packet when it finds none.
    func conntrackFindings(_ node: NodeStatus) -> [Finding] {
        guard let table = node.conntrack, table.percent >= 90 else { return [] }
        let isFull = table.percent >= 99
        return [
            Finding(
                code: "conntrack_full", severity: isFull ? .critical : .warning, node: node.name,
                evidence: "\(node.name) tracks \(table.count) connections, \(table.percent) % of the "
                    + "\(table.limit) it may",
                effect: (isFull ? "" : "when it is full, ")
                    + "packets of new connections are dropped, and old ones may be forgotten when buckets move",
                remedy: "on \(node.name): sysctl -w net.netfilter.nf_conntrack_max=\(min(table.limit, 1 << 30) * 2)")
        ]
    }
}
