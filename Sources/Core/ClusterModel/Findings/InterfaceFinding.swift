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
    ///
    /// Which one that is, nothing on the node tells, when it is `unknown`.
    case macMissing(interface: String, MACAddress)
    /// The node has not joined the IGMP group that the MAC stands for.
    case groupMissing(interface: String, IPAddress)
    /// The node's ARP packets carry its own MAC; what is altered in its arp table, when that is known.
    case arpNotRewritten(MACAddress, Alteration?)
    /// The interface sends packets of another size at most than those of most nodes.
    case mtuDiffers(interface: String, Int, most: Int)

    /// The stable name.
    public var code: String {
        switch self {
        case .missing: "interface_missing"
        case .recreated: "interface_recreated"
        case .down: "interface_down"
        case .addressMissing: "address_missing"
        case .macMissing: "mac_missing"
        case .groupMissing: "group_missing"
        case .arpNotRewritten: "arp_rewrite_missing"
        case .mtuDiffers: "mtu_mismatch"
        }
    }

    /// How bad it is; wrong ARP hurts the clients of all nodes, everything else those of this one.
    func severity(isIdle: Bool) -> Finding.Severity {
        switch self {
        case .arpNotRewritten: .critical
        case .mtuDiffers, .groupMissing: .warning
        case .missing, .recreated, .down, .addressMissing, .macMissing: isIdle ? .warning : .critical
        }
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
        /// What ends it, and until then the other nodes answer, if there are any that can.
        func meanwhile(_ remedy: Remedy) -> Remedy {
            let canMove = !sample.ownership.accepting.isEmpty && hasTaker(besides: node)
            return canMove ? .first(remedy, meanwhile: .drain(node: node.name, isImmediate: true)) : remedy
        }
        let anew = Remedy.reinstall(node: node.name)
        let isOurs = sample.capabilities.can(.membership)
        guard health.interfacePresent else {
            let back = Remedy.bringBack(interface: name, node: node.name)
            let remedy = isOurs ? Remedy.inOrder([back, anew]) : .inOrder([back] + carrying(node, sample))
            return [finding(.missing(interface: name), meanwhile(remedy))]
        }
        if health.interfaceUp, !health.addressPresent, !health.macJoined {
            let remedies = isOurs ? [anew] : carrying(node, sample)
            let remedy = remedies.count == 1 ? remedies[0] : .inOrder(remedies)
            return [finding(.recreated(interface: name, address, mac), remedy)]
        }
        var found: [Finding] = []
        if !health.interfaceUp {
            found.append(finding(.down(interface: name), meanwhile(command("ip", "link", "set", name, "up"))))
        }
        if !health.addressPresent {
            found.append(
                finding(.addressMissing(interface: name, address), meanwhile(addingAddress(to: node, sample))))
        }
        if !health.macJoined {
            found.append(
                finding(.macMissing(interface: name, mac), joiningMAC(on: node, sample) ?? anew))
        }
        if health.groupJoined == false, let group = sample.configuration.group {
            let joining = command("ip", "address", "add", "\(group)/32", "dev", name, "scope", "host", "autojoin")
            found.append(finding(.groupMissing(interface: name, group), joining))
        }
        if !health.arpRewritten {
            let alteration = sample.alterations.first { $0.table == .arp }
            let known = mac == .unknown ? configuration.mac : mac
            var settings = sample.configuration
            settings.mac = known
            let rewriting = Remedy.rewriteARP(node: node.name, driver: sample.driver, settings)
            let remedy = isOurs || known == .unknown ? anew : rewriting
            found.append(finding(.arpNotRewritten(known, alteration), remedy, by: changes(of: [node])))
        }
        if let mtu = health.mtu, let most = commonMTU, mtu != most {
            let setting = command("ip", "link", "set", name, "mtu", "\(most)")
            found.append(finding(.mtuDiffers(interface: name, mtu, most: most), setting))
        }
        return found
    }

    private func addingAddress(to node: NodeStatus, _ sample: ClusterSample) -> Remedy {
        // Rules of other programs do not say what the prefix of an address was.
        let isTold = sample.capabilities.can(.membership)
        let prefix = isTold ? sample.configuration.prefixLength : configuration.prefixLength
        let carried = "\(configuration.address)/\(prefix)"
        return .command(["ip", "address", "add", carried, "dev", sample.configuration.interface], on: node.name)
    }

    /// The command by which an interface listens to the cluster MAC; nil when no node tells which that is.
    private func joiningMAC(on node: NodeStatus, _ sample: ClusterSample) -> Remedy? {
        let mac = sample.configuration.mac == .unknown ? configuration.mac : sample.configuration.mac
        guard mac != .unknown else { return nil }
        return .command(["ip", "maddress", "add", "\(mac)", "dev", sample.configuration.interface], on: node.name)
    }

    /// What an interface lacks that was made anew under rules which stand, and which the target CLUSTERIP has listen again.
    private func carrying(_ node: NodeStatus, _ sample: ClusterSample) -> [Remedy] {
        // Pacemaker's resource agent does all of it, or nothing.
        if sample.driver == "IPaddr2" { return [.reinstall(node: node.name)] }
        let joining = sample.driver == "ipt_CLUSTERIP" ? nil : joiningMAC(on: node, sample)
        return [joining, addingAddress(to: node, sample)].compactMap(\.self)
    }

    /// Whether another node could take buckets and serve them.
    private func hasTaker(besides node: NodeStatus) -> Bool {
        nodes.contains { $0.name != node.name && $0.state == .live && $0.sample != nil && $0.canServe }
    }

    /// The largest packet size that more than half of the nodes have; nil when there is no such size.
    private var commonMTU: Int? {
        let all = nodes.compactMap { $0.sample?.health.mtu }
        return all.first { size in all.count { $0 == size } * 2 > all.count }
    }
}
