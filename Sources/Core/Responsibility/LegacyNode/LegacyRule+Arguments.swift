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
