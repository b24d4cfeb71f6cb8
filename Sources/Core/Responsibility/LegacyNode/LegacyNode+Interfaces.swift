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
