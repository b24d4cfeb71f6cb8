/// The options of the iptables target CLUSTERIP.
///
/// Source: include/uapi/linux/netfilter_ipv4/ipt_CLUSTERIP.h, `struct ipt_clusterip_tgt_info`.
public struct LegacyOptions: Hashable, Sendable {
    /// Whether the rule may create the cluster address, `--new`.
    public var isNew: Bool
    /// What is hashed: the kernel's number, 0–2 as in the order of `HashMode.allCases`.
    public var hashMode: UInt32
    /// The cluster's MAC address; 0 when the rule has none.
    public var mac: LinkAddress
    /// The number of buckets; no kernel checks it.
    public var totalNodes: UInt16
    /// The buckets owned at first; iptables passes exactly one.
    public var localNodes: [UInt16]
    /// The seed.
    public var hashInit: UInt32

    /// Options that create or join a cluster address.
    public init(
        mode: HashMode, mac: LinkAddress, totalNodes: UInt16, localNodes: [UInt16], hashInit: UInt32 = 0
    ) {
        isNew = true
        hashMode = UInt32(mode.wordCount - 1)
        self.mac = mac
        self.totalNodes = totalNodes
        self.localNodes = localNodes
        self.hashInit = hashInit
    }

    /// No options: the rule joins a cluster address that another rule created.
    public init() {
        isNew = false
        hashMode = 0
        mac = LinkAddress(number: 0)
        totalNodes = 0
        localNodes = []
        hashInit = 0
    }

    /// What is hashed; nil for a number that no kernel knows.
    public var mode: HashMode? { HashMode.allCases.first { UInt32($0.wordCount - 1) == hashMode } }

    /// The options as `iptables-save` prints them, with a leading space; empty without `--new`.
    var saved: String {
        guard isNew, let mode else { return "" }
        return " --new --hashmode \(mode.rawValue) --clustermac \(mac) --total-nodes \(totalNodes)"
            + " --local-node \(localNodes.first ?? 0) --hash-init \(hashInit)"
    }
}
