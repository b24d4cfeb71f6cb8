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
