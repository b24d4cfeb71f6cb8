import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

/// The rules that other programs wrote on this node for cluster addresses, in nf_tables and in x_tables.
package final class ForeignRules {
    /// Who wrote the rules of a cluster address.
    package enum Writer: Hashable, Sendable {
        /// An administrator, or a script.
        case administrator
        /// Pacemaker's resource agent IPaddr2.
        case resourceAgent
    }

    /// A cluster address with what stands beside its rules.
    package struct Cluster: Hashable, Sendable {
        /// The rules.
        package var found: FoundCluster
        /// Who wrote them.
        package var writer: Writer
        /// The cluster MAC; nil when neither an ARP rule nor the interface's list tells it.
        package var mac: MACAddress?
        /// Whether the node's ARP packets say the cluster MAC.
        package var arpIsRight: Bool
    }

    /// The node.
    package let probe: LinuxProbe
    private var nft = NftRuleset()
    private let legacy: LegacyTables

    /// The rules of a node; its sockets are in the network namespace of the calling thread.
    package init(_ probe: LinuxProbe) throws(DriverError) {
        self.probe = probe
        do throws(KernelError) { legacy = try LegacyTables() } catch {
            throw .kernel(error, doing: "opening a socket")
        }
    }

    /// The cluster addresses with rules of a writer, in ascending order.
    package func clusters(of writer: Writer) throws(DriverError) -> [Cluster] {
        let (tables, node) = try read()
        guard tables.contains(where: \.asksForBuckets) else { return [] }
        let rewrites: [ArpRewrite]
        do throws(KernelError) { rewrites = try ArpRewrite.all(probe.netfilter) } catch {
            throw .kernel(error, doing: "reading the rules")
        }
        return FoundCluster.all(in: tables, on: node).map { cluster($0, rewrites, node) }.filter { $0.writer == writer }
    }

    /// Removes the rules of a cluster address, all at once.
    package func remove(_ address: IPAddress) throws(DriverError) {
        try write("removing the rules of \(address)") { (tables, node) throws(DriverError) in
            let removal = try RuleRemoval(address, in: tables, on: node)
            return Writing(
                isLegacy: removal.isLegacy,
                nft: { [probe, nft] () throws(KernelError) in
                    try removal.commit(probe.netfilter, generation: nft.generation)
                }, legacy: { [legacy] () throws(KernelError) in try removal.commit(legacy) })
        }
    }

    /// Makes the node answer a bucket of an address, or not any more, by the masks of its rules.
    package func set(_ bucket: Int, owned owns: Bool, of address: IPAddress) throws(DriverError) {
        try write("changing the rules of \(address)") { (tables, node) throws(DriverError) in
            guard let found = FoundCluster.all(in: tables, on: node).first(where: { $0.address == address }) else {
                throw .notInstalled(address)
            }
            let edit = try RuleEdit(bucket, owned: owns, in: found)
            return Writing(
                isLegacy: RuleEdit.isLegacy(found),
                nft: { [probe, nft] () throws(KernelError) in
                    try edit.commit(probe.netfilter, generation: nft.generation)
                }, legacy: { [legacy] () throws(KernelError) in try edit.commit(legacy) })
        }
    }

    /// What is to be written, to nf_tables or to x_tables.
    private struct Writing {
        var isLegacy: Bool
        var nft: () throws(KernelError) -> Void
        var legacy: () throws(KernelError) -> Void
    }

    /// Reads the rules and writes what a body makes of them, again when they have changed meanwhile; tables of x_tables under
    /// the lock of those who write them.
    private func write(
        _ action: String, _ body: ([RuleTable], InterfaceList) throws(DriverError) -> Writing
    ) throws(DriverError) {
        for _ in 0..<16 {
            let (tables, node) = try read()
            let writing = try body(tables, node)
            do throws(KernelError) {
                if !writing.isLegacy { return try writing.nft() }
            } catch {
                guard error.number == KernelError.restart else { throw .kernel(error, doing: action) }
                continue
            }
            let isDone = try LegacyLock.held { () throws(DriverError) in
                let (tables, node) = try read()
                let writing = try body(tables, node)
                guard writing.isLegacy else { return false }
                do throws(KernelError) { try writing.legacy() } catch {
                    guard error.number == KernelError.restart || error.number == EAGAIN else {
                        throw .kernel(error, doing: action)
                    }
                    return false
                }
                return true
            }
            if isDone { return }
        }
        throw DriverError(.busy, "The ruleset keeps changing while \(action); try again.")
    }

    private func read() throws(DriverError) -> (tables: [RuleTable], node: InterfaceList) {
        do throws(KernelError) {
            try nft.update(probe.netfilter)
            return (nft.tables + (try legacy.read().map(\.table)), try probe.links.interfaces())
        } catch {
            throw .kernel(error, doing: "reading the rules")
        }
    }

    /// The generation of the ruleset that was read last; nil where the kernel has no nf_tables.
    package var generation: UInt32? { nft.generation == 0 ? nil : nft.generation }

    private func cluster(_ found: FoundCluster, _ rewrites: [ArpRewrite], _ node: InterfaceList) -> Cluster {
        let derived = IPaddr2Settings(
            address: found.address, prefixLength: found.prefixLength, broadcast: found.broadcast)
        let joined = node.index(of: found.interface).map(probe.links.joinedByPrograms) ?? []
        let isAgents =
            found.deciding.contains {
                $0.place.table.hasPrefix("IPaddr2_") || $0.rule.comment?.hasPrefix("cip-node-") == true
            } || found.tables.contains { $0.hasPrefix("IPaddr2_") } || found.scheme.seed == derived.seed
            || joined.contains(derived.mac)
        let written = ArpRewrite.mac(for: found.address, in: rewrites)
        var mac = written ?? (joined.contains(derived.mac) ? derived.mac : nil)
        let others = Set(rewrites.filter { $0.address != nil }.map(\.mac))
        let groups = joined.filter { $0.isMulticast && !others.contains($0) }
        if mac == nil, groups.count == 1 { mac = groups[0] }
        if mac == nil, isAgents { mac = derived.mac }
        var cluster = Cluster(
            found: found, writer: isAgents ? .resourceAgent : .administrator, mac: mac,
            arpIsRight: written != nil)
        if isAgents, let seed = found.scheme.seed, let otherwise = Self.seedOfOtherPrefix(seed, found, derived) {
            cluster.found.defects.append(otherwise)
        }
        return cluster
    }

    /// A seed that the resource agent would have worked out of another prefix length of the address.
    private static func seedOfOtherPrefix(
        _ seed: UInt32, _ found: FoundCluster, _ derived: IPaddr2Settings
    ) -> RuleDefect? {
        guard seed != derived.seed, let address = found.address.v4 else { return nil }
        let isOfOther = (1...32).contains { length in
            let broadcast = IPv4Address(number: address.number | UInt32.max.behind(length))
            return IPaddr2Settings(
                address: found.address, prefixLength: length, broadcast: .v4(broadcast)
            ).seed == seed
        }
        return isOfOther ? .seedNotDerived(seed, derived: derived.seed) : nil
    }
}

extension UInt32 {
    /// The bits behind a network prefix.
    fileprivate func behind(_ prefixLength: Int) -> UInt32 { prefixLength >= 32 ? 0 : self >> UInt32(prefixLength) }
}

extension ForeignRules.Cluster {
    /// What the node says of the cluster address, by a driver's name and with what it can do here.
    package func sample(driver name: String, _ capabilities: Capabilities, on node: LinuxProbe) -> ClusterSample {
        var capabilities = capabilities
        if !found.counters.isEmpty { capabilities.counters = [.accepted] }
        if capabilities.can(.moving), node.ignoresStrangeSegments { capabilities.abilities.insert(.ignoring) }
        if found.address.family == .v6 { capabilities.abilities.remove(.migrating) }
        let configuration = configuration(driver: name)
        var health = node.health(of: configuration)
        health.arpRewritten = arpIsRight
        if mac == nil { health.macJoined = false }
        return ClusterSample(
            configuration: configuration, driver: name, capabilities: capabilities, ownership: found.ownership,
            counters: found.counters, health: health, alterations: found.defects.map(Alteration.rule))
    }

    /// The settings.
    package func configuration(driver name: String) -> ClusterConfiguration {
        ClusterConfiguration(
            name: name, address: found.address, prefixLength: found.prefixLength, interface: found.interface,
            mac: mac ?? .unknown, scheme: found.scheme)
    }
}
