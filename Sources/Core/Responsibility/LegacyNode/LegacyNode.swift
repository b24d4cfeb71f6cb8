/// A node as ipt_CLUSTERIP of its kernel makes it: rules, the cluster addresses they share, files and ARP.
///
/// This is one network namespace. Everything behaves as the kernel of `kernel` does, errors included; compare the
/// transcript of a real one in Tests/ResponsibilityTests/Data. Source: net/ipv4/netfilter/ipt_CLUSTERIP.c.
public struct LegacyNode: Hashable, Sendable {
    /// The kernel whose behaviour this has.
    public let kernel: LegacyKernel
    /// Whether this is the initial network namespace; before 3.19 only that one has the target's files.
    public let isInitialNamespace: Bool
    /// The names of the interfaces that exist.
    public internal(set) var interfaces: Set<String>
    /// The rules with the target, in the order in which they were added.
    public internal(set) var rules: [LegacyRule] = []
    /// The cluster addresses that exist, each shared by all rules with that destination.
    public internal(set) var addresses: [IPv4Address: LegacyAddress] = [:]
    /// What the kernel logged, oldest first, with the prefix "ipt_CLUSTERIP: ".
    public internal(set) var log: [String] = []

    var hasWarned = false

    /// A node without rules.
    public init(kernel: LegacyKernel, interfaces: Set<String>, isInitialNamespace: Bool = true) {
        self.kernel = kernel
        self.interfaces = interfaces
        self.isInitialNamespace = isInitialNamespace
    }
}
