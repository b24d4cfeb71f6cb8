import Responsibility

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

extension LegacyNode {
    /// Renames an interface: an address bound to the old name loses its multicast entry and its ARP rewriting, one
    /// that waits for the new name gets them back; buckets are kept.
    public mutating func rename(interface old: String, to new: String) {
        guard interfaces.contains(old), !interfaces.contains(new) else { return }
        interfaces.remove(old)
        interfaces.insert(new)
        guard kernel.followsInterface else { return }
        for (address, config) in addresses {
            if config.interface == old { addresses[address]?.isBound = false }
            if config.interface == new { addresses[address]?.isBound = true }
        }
    }

    /// Removes an interface; before 4.11 the kernel waits without end while a cluster address is bound to it, and this
    /// returns false.
    public mutating func remove(interface: String) -> Bool {
        let bound = addresses.filter { $0.value.interface == interface && $0.value.isBound }
        guard kernel.followsInterface || bound.isEmpty else { return false }
        interfaces.remove(interface)
        for address in bound.keys { addresses[address]?.isBound = false }
        return true
    }

    /// Adds an interface; an address that waits for its name is bound to it.
    public mutating func add(interface: String) {
        guard interfaces.insert(interface).inserted, kernel.followsInterface else { return }
        for (address, config) in addresses where config.interface == interface { addresses[address]?.isBound = true }
    }

    /// The cluster MAC addresses in the multicast list of an interface.
    public func multicastAddresses(of interface: String) -> Set<LinkAddress> {
        Set(addresses.values.filter { $0.isBound && $0.interface == interface }.map(\.options.mac))
    }
}

extension LegacyNode {
    /// The files of `/proc/net/ipt_CLUSTERIP`, one per cluster address, ascending.
    public var files: [IPv4Address] { hasFiles ? addresses.keys.sorted() : [] }

    /// What reading an address's file gives; throws ENOENT when there is no such file.
    public func read(_ address: IPv4Address) throws(KernelErrno) -> String {
        guard hasFiles, let config = addresses[address] else { throw .noEntry }
        return config.procText
    }

    /// What one write to an address's file does; throws the errno, and then nothing has changed.
    public mutating func write(_ bytes: [UInt8], to address: IPv4Address) throws(KernelErrno) {
        guard hasFiles, addresses[address] != nil else { throw .noEntry }
        try addresses[address]?.write(bytes)
    }

    private var hasFiles: Bool { kernel.isPerNamespace || isInitialNamespace }
}
