import Responsibility

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

extension LegacyOptions {
    private static let names = ["--new", "--hashmode", "--clustermac", "--total-nodes", "--local-node", "--hash-init"]

    /// Reads the options as libipt_CLUSTERIP of iptables 1.8 does; throws what it prints.
    ///
    /// Numbers may be octal or hexadecimal; total-nodes and local-node are 0–16, one local node only; the MAC address
    /// must be a group's; with any option, all but hash-init must be there. Source: extensions/libipt_CLUSTERIP.c.
    public init(arguments: [String]) throws(IptablesError) {
        self.init()
        var given: Set<String> = []
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard Self.names.contains(name) else { throw IptablesError("unknown option \"\(name)\"") }
            guard given.insert(name).inserted else {
                throw IptablesError("CLUSTERIP: option \"\(name)\" can only be used once.")
            }
            guard name != "--new" else {
                isNew = true
                continue
            }
            guard let value = rest.popFirst() else { throw IptablesError("option \"\(name)\" requires an argument") }
            try set(name, to: value)
        }
        try Self.check(given)
    }

    private mutating func set(_ name: String, to value: String) throws(IptablesError) {
        switch name {
        case "--hashmode":
            guard let mode = HashMode(rawValue: value) else { throw IptablesError("Unknown hashmode \"\(value)\"") }
            hashMode = UInt32(mode.wordCount - 1)
        case "--clustermac":
            guard let mac = LinkAddress(value) else { throw IptablesError("Invalid MAC address specified.") }
            guard mac.isMulticast else { throw IptablesError("MAC has to be a multicast ethernet address") }
            self.mac = mac
        case "--total-nodes":
            totalNodes = UInt16(try Self.number(value, name, 0...16))
        case "--local-node":
            localNodes = [UInt16(try Self.number(value, name, 0...16))]
        default:
            hashInit = UInt32(try Self.number(value, name, 0...UInt64(UInt32.max)))
        }
    }

    private static func check(_ given: Set<String>) throws(IptablesError) {
        guard !given.isEmpty else { return }
        guard given.contains("--new") else {
            let option = names.first(where: given.contains) ?? ""
            throw IptablesError("CLUSTERIP: option \"\(option)\" also requires \"--new\".")
        }
        guard given.isSuperset(of: names.dropLast()) else {
            throw IptablesError("CLUSTERIP target: Invalid parameter combination")
        }
    }

    private static func number(
        _ text: String, _ option: String, _ limits: ClosedRange<UInt64>
    ) throws(IptablesError) -> UInt64 {
        guard let number = IptablesNumber.parse(text), limits.contains(number) else {
            throw .range(option, limits)
        }
        return number
    }
}

/// An Ethernet address as iptables reads and prints it.
///
/// Source: libxtables, `xtables_print_mac`, and `parse_mac` of extensions/libipt_CLUSTERIP.c.
public struct LinkAddress: Hashable, Sendable {
    /// The six octets in transmission order, in the low 48 bits: 01:00:5e:00:00:20 is 0x01005e000020.
    public var number: UInt64

    /// The address with these low 48 bits.
    public init(number: UInt64) { self.number = number & 0xffff_ffff_ffff }

    /// Whether the group bit is set, as a cluster MAC address needs it.
    public var isMulticast: Bool { number >> 40 & 1 == 1 }
}

extension LinkAddress: LosslessStringConvertible {
    /// Reads six hex octets of one or two digits separated by colons; nil for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        var number: UInt64 = 0
        for part in parts {
            guard (1...2).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
                let octet = UInt8(part, radix: 16)
            else { return nil }
            number = number << 8 | UInt64(octet)
        }
        self.number = number
    }

    /// Six upper-case hex octets separated by colons, as `iptables-save` prints them.
    public var description: String {
        (0..<6).map { position in
            let octet = UInt8(truncatingIfNeeded: number >> (40 - 8 * position))
            return (octet < 16 ? "0" : "") + String(octet, radix: 16, uppercase: true)
        }.joined(separator: ":")
    }
}

/// Why iptables itself refuses a command line, before it asks the kernel; it then exits with 2.
///
/// Source: extensions/libipt_CLUSTERIP.c and libxtables of iptables 1.8.
public struct IptablesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What it prints after "iptables v1.8.9 (legacy): ".
    public var description: String

    /// An error with this text.
    public init(_ description: String) { self.description = description }

    static func range(_ option: String, _ limits: ClosedRange<UInt64>) -> Self {
        Self(
            "CLUSTERIP: bad value for option \"\(option)\", or out of range (\(limits.lowerBound)-\(limits.upperBound))."
        )
    }
}

/// A number as iptables reads it from its command line: `strtoul` with base 0.
enum IptablesNumber {
    /// Reads decimal, octal after 0 and hexadecimal after 0x; nil for anything else, a minus sign included.
    static func parse(_ text: String) -> UInt64? {
        var digits = text[...]
        if digits.hasPrefix("+") { digits.removeFirst() }
        guard digits.utf8.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) == true else {
            return nil
        }
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            let rest = digits.dropFirst(2)
            return rest.utf8.first == UInt8(ascii: "+") || rest.utf8.first == UInt8(ascii: "-")
                ? nil : UInt64(rest, radix: 16)
        }
        return UInt64(digits, radix: digits.hasPrefix("0") ? 8 : 10)
    }
}
