import Responsibility

/// Why a node's interface does not hear or speak for the cluster address.
public enum InterfaceFinding: Hashable, Sendable {
    /// There is no such interface.
    case missing(interface: String)
    /// The interface is up with neither address nor cluster MAC: it was made anew, or emptied.
    case recreated(interface: String, IPAddress, MACAddress)
    /// The interface is down.
    case down(interface: String)
    /// The interface does not carry the address.
    case addressMissing(interface: String, IPAddress)
    /// The interface does not listen to the cluster MAC.
    case macMissing(interface: String, MACAddress)
    /// The node's ARP packets carry its own MAC; what is altered in its arp table, when that is known.
    case arpNotRewritten(MACAddress, Alteration?)

    /// The stable name.
    public var code: String {
        switch self {
        case .missing: "interface_missing"
        case .recreated: "interface_recreated"
        case .down: "interface_down"
        case .addressMissing: "address_missing"
        case .macMissing: "mac_missing"
        case .arpNotRewritten: "arp_rewrite_missing"
        }
    }

    /// How bad it is; wrong ARP hurts the clients of all nodes, everything else those of this one.
    func severity(isIdle: Bool) -> Finding.Severity {
        if case .arpNotRewritten = self { return .critical }
        return isIdle ? .warning : .critical
    }
}

extension ClusterSnapshot {
    /// What is wrong with a node's interface, the cause of other lacks alone.
    func interfaceFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        let (health, name) = (sample.health, sample.configuration.interface)
        let (address, mac) = (configuration.address, sample.configuration.mac)
        func finding(_ kind: InterfaceFinding, _ remedy: Remedy, by changes: [Finding.Change] = []) -> Finding {
            Finding(
                .interface(kind), node: node.name, buckets: sample.ownership.accepting, changes: changes, remedy: remedy
            )
        }
        func command(_ words: String...) -> Remedy { .command(words, on: node.name) }
        let anew = Remedy.reinstall(node: node.name)
        guard health.interfacePresent else {
            return [
                finding(.missing(interface: name), .inOrder([.bringBack(interface: name, node: node.name), anew]))
            ]
        }
        if health.interfaceUp, !health.addressPresent, !health.macJoined {
            return [finding(.recreated(interface: name, address, mac), anew)]
        }
        var found: [Finding] = []
        if !health.interfaceUp {
            found.append(finding(.down(interface: name), command("ip", "link", "set", name, "up")))
        }
        if !health.addressPresent {
            let carried = "\(address)/\(sample.configuration.prefixLength)"
            let adding = command("ip", "address", "add", carried, "dev", name)
            found.append(finding(.addressMissing(interface: name, address), adding))
        }
        if !health.macJoined {
            let joining = command("ip", "maddress", "add", "\(mac)", "dev", name)
            found.append(finding(.macMissing(interface: name, mac), joining))
        }
        if !health.arpRewritten {
            let alteration = sample.alterations.first { $0.table == .arp }
            found.append(finding(.arpNotRewritten(mac, alteration), anew, by: changes(of: [node])))
        }
        return found
    }
}
