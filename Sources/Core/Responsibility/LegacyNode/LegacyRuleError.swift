/// Why the kernel refuses a rule with the target CLUSTERIP.
///
/// Source: `clusterip_tg_check` and `clusterip_config_init` of ipt_CLUSTERIP.c; the messages are those of libiptc.
public struct LegacyRuleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The error number that the system call returns.
    public var errno: KernelErrno
    /// What the kernel logs, without the prefix "ipt_CLUSTERIP: "; nil when it logs nothing.
    public var log: String?

    /// An error from its parts.
    public init(_ errno: KernelErrno, log: String? = nil) {
        self.errno = errno
        self.log = log
    }

    /// What iptables-legacy prints for it; ENOENT and EINVAL have misleading texts of their own.
    public var iptablesMessage: String {
        switch errno {
        case .noEntry: "iptables: No chain/target/match by that name."
        case .invalidArgument: "iptables: Invalid argument. Run `dmesg' for more information."
        default: "iptables: \(errno.message)."
        }
    }

    /// One sentence with the error's name and what the kernel logs.
    public var description: String {
        "the kernel refuses the rule with \(errno.name)" + (log.map { ": \($0)" } ?? "")
    }
}
