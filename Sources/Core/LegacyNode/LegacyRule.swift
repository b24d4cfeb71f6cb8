import Responsibility

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

extension LegacyRule {
    /// Reads a rule from the words after "iptables", or from a line of `iptables-save`: `-A INPUT -d 10.8.0.1/32 -i eth0
    /// -j CLUSTERIP --new …`, with `-t TABLE` before it.
    ///
    /// Throws what iptables prints; a rule with another target or with options that this does not know is an error too.
    public init(arguments: [String]) throws(IptablesError) {
        var rule = LegacyRule(
            destination: IPv4Address(number: 0), prefixLength: 0, interface: "", options: LegacyOptions())
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw IptablesError("option \"\(name)\" requires an argument") }
            guard name != "-j" else {
                guard value == "CLUSTERIP" else { throw IptablesError("the rule's target is \(value), not CLUSTERIP") }
                rule.options = try LegacyOptions(arguments: Array(rest))
                self = rule
                return
            }
            try rule.set(name, to: value)
        }
        throw IptablesError("the rule has no target CLUSTERIP")
    }

    private mutating func set(_ name: String, to value: String) throws(IptablesError) {
        switch name {
        case "-t": table = value
        case "-A", "-D": chain = value
        case "-i": interface = value
        case "-d": try setDestination(value)
        case "-p":
            guard let known = TransportProtocol(value) else {
                throw IptablesError("unknown protocol \"\(value)\" specified")
            }
            transport = known
        default: throw IptablesError("unknown option \"\(name)\"")
        }
    }

    private mutating func setDestination(_ text: String) throws(IptablesError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = IPv4Address(parts[0]) else { throw IptablesError("host/network `\(parts[0])' not found") }
        let length = parts.count > 1 ? Int(parts[1]) : 32
        guard let length, (0...32).contains(length) else { throw IptablesError("invalid mask `\(parts[1])' specified") }
        prefixLength = length
        destination =
            length == 0 ? IPv4Address(number: 0) : IPv4Address(number: address.number & ~0 << UInt32(32 - length))
    }
}

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
