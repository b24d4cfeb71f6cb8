/// Why the kernel or iptables refuses an xt_cluster rule.
///
/// Source: `xt_cluster_mt_checkentry` and libxt_cluster.c.
public enum ClusterMatchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// More than 32 buckets: EINVAL.
    case tooManyNodes(UInt32)
    /// A node mask with a bit above the number of buckets: EDOM.
    case maskBeyondNodes(mask: UInt32, total: UInt32)
    /// iptables refuses fewer than 1 or more than 32 buckets.
    case totalOutOfRange(UInt32)
    /// iptables refuses a local node outside 1–32.
    case localNodeOutOfRange(UInt32)
    /// iptables refuses a local node above the number of buckets.
    case localNodeBeyondTotal

    /// The message, as the kernel logs or iptables prints it.
    public var description: String {
        switch self {
        case .tooManyNodes(let total): "you have exceeded the maximum number of cluster nodes (\(total) > 32)"
        case .maskBeyondNodes: "node mask cannot exceed total number of nodes"
        case .totalOutOfRange:
            "cluster: bad value for option \"--cluster-total-nodes\", or out of range (1-32)."
        case .localNodeOutOfRange:
            "cluster: bad value for option \"--cluster-local-node\", or out of range (1-32)."
        case .localNodeBeyondTotal: "`--cluster-local-node' must be <= `--cluster-total-nodes'"
        }
    }
}
