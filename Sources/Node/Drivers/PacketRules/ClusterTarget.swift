import CNetfilter
import ClusterModel
import LinuxNode
import NodeDriver
import Responsibility

/// What a rule with iptables' target CLUSTERIP says of its cluster address.
package struct ClusterTarget: Hashable, Sendable {
    /// Whether the rule makes the address; otherwise it joins one that another rule made.
    package let isNew: Bool
    /// The cluster MAC.
    package let mac: MACAddress
    /// The number of buckets, which no kernel checks.
    package let bucketCount: Int
    /// What is hashed.
    package let mode: HashMode
    /// The seed.
    package let seed: UInt32

    /// A target from its parts.
    package init(
        mac: MACAddress, bucketCount: Int, mode: HashMode, seed: UInt32, isNew: Bool = true
    ) {
        self.isNew = isNew
        self.mac = mac
        self.bucketCount = bucketCount
        self.mode = mode
        self.seed = seed
    }

    /// The target's data as the kernel gives them out; nil for a mode that no kernel has.
    ///
    /// Source: `struct ipt_clusterip_tgt_info` and `enum clusterip_hashmode` of ipt_CLUSTERIP.h.
    init?(_ info: clusterip_target_info) {
        let modes: [HashMode] = [.sourceIP, .sourceIPSourcePort, .sourceIPSourcePortDestinationPort]
        guard modes.indices.contains(Int(info.hash_mode)) else { return nil }
        isNew = info.flags & 1 != 0
        mac = MACAddress(number: withUnsafeBytes(of: info.mac) { $0.reduce(0) { $0 << 8 | UInt64($1) } })
        bucketCount = Int(info.total_nodes)
        mode = modes[Int(info.hash_mode)]
        seed = info.hash_initval
    }

    /// The target of the first rule for an address that makes it: those of later rules are ignored by the kernel.
    package static func first(for address: IPv4Address, in tables: [RuleTable]) -> ClusterTarget? {
        let rules = tables.lazy.flatMap(\.chains).flatMap(\.rules)
        return rules.first { $0.destination == .v4(address) && $0.target?.isNew == true }?.target
    }
}

extension ClusterTarget {
    /// Removes every rule with the target for an address, whichever table it is in.
    package static func removeRules(of address: IPAddress, from legacy: LegacyTables) throws(DriverError) {
        try LegacyLock.held { () throws(DriverError) in
            do throws(KernelError) {
                for table in try legacy.read() where table.family == address.family {
                    let rules = table.table.chains.flatMap(\.rules)
                    let meant = rules.filter { $0.target != nil && $0.destination == address }
                    guard !meant.isEmpty else { continue }
                    var change = LegacyChange(table)
                    for rule in meant { change.remove(Int(clamping: rule.handle)) }
                    try legacy.replace(change)
                }
            } catch { throw .kernel(error, doing: "removing the rules of \(address)") }
        }
    }
}

extension PacketRule {
    /// The one address to which packets must go.
    package var destination: IPAddress? {
        for case .destination(let range, false) in conditions where range.isSingle { return range.address }
        return nil
    }
}
