import ClusterModel
import LegacyNode
import NodeDriver
import Responsibility

/// What the kernel of a simulated node holds of its cluster addresses: which buckets accept new flows.
///
/// It is a node of ipt_CLUSTERIP: a rule makes the address, its live bitmap has the buckets 1 to 64, its file changes them.
/// The buckets beyond, which only our own table has, are kept beside it.
final class SimulatedKernel {
    private(set) var node: LegacyNode
    private var beyond: [IPv4Address: BucketSet] = [:]

    init(_ kernel: LegacyKernel, interfaces: some Sequence<String>) {
        node = LegacyNode(kernel: kernel, interfaces: Set(interfaces))
    }

    /// The rule that makes a cluster address; it owns nothing at first, as a rule has room for 16 local nodes only.
    static func rule(_ settings: ClusterIPSettings) -> LegacyRule {
        LegacyRule(
            destination: settings.address, interface: settings.configuration.interface,
            options: LegacyOptions(
                mode: settings.placement.mode, mac: LinkAddress(number: settings.configuration.mac.number),
                totalNodes: UInt16(clamping: settings.placement.bucketCount), localNodes: [],
                hashInit: settings.placement.seed))
    }

    /// Throws what the kernel refuses; nothing is changed then, but for what the kernel itself leaks.
    func install(_ settings: ClusterIPSettings, owned: BucketSet) throws(DriverError) {
        let rule = Self.rule(settings)
        let address = settings.address
        do throws(LegacyRuleError) { try node.append(rule) } catch { throw .refusedRule(error) }
        guard node.addresses[address]?.entries == 1 else {
            _ = node.delete(rule)
            throw .sharedAddress(address)
        }
        beyond[address] = nil
        for bucket in owned { try set(bucket, accepts: true, address: address) }
    }

    func uninstall(_ settings: ClusterIPSettings) { _ = node.delete(Self.rule(settings)) }

    func accepts(_ bucket: Int, address: IPv4Address) -> Bool {
        guard bucket > LegacyAddress.bitmapSize else { return node.addresses[address]?.owns(bucket) ?? false }
        return beyond[address]?.contains(bucket) ?? false
    }

    func accepting(_ address: IPv4Address) -> BucketSet {
        BucketSet(bitmap: node.addresses[address]?.bitmap ?? 0).union(beyond[address] ?? [])
    }

    /// Makes a bucket accept flows or not, as one writes to the address's file; nothing is written when it is so already.
    func set(_ bucket: Int, accepts: Bool, address: IPv4Address) throws(DriverError) {
        guard self.accepts(bucket, address: address) != accepts else { return }
        guard bucket > LegacyAddress.bitmapSize else {
            let text = (accepts ? "+" : "-") + "\(bucket)\n"
            do throws(KernelErrno) { try node.write(Array(text.utf8), to: address) } catch {
                throw DriverError(
                    .kernel,
                    "The kernel refuses \(text.dropLast()) for \(address) with \(error.name): \(error.message).")
            }
            return
        }
        if accepts { beyond[address, default: []].insert(bucket) } else { beyond[address]?.remove(bucket) }
    }

    /// Gives the node these interfaces; an address whose interface is gone waits for its name.
    func setInterfaces(_ names: some Sequence<String>) {
        let (old, new) = (node.interfaces, Set(names))
        for name in old.subtracting(new) { _ = node.remove(interface: name) }
        for name in new.subtracting(old) { node.add(interface: name) }
    }

    /// Lets another program change the node.
    func change<Value, Failure: Error>(
        _ body: (inout LegacyNode) throws(Failure) -> Value
    ) throws(Failure) -> Value { try body(&node) }
}

extension DriverError {
    static func refusedRule(_ error: LegacyRuleError) -> Self {
        Self(.kernel, "The kernel refuses the rule with \(error.errno.name)" + (error.log.map { ": \($0)." } ?? "."))
    }

    static func sharedAddress(_ address: IPv4Address) -> Self {
        Self(
            .alreadyExists,
            "Another program's rule has the cluster address \(address) already, and the kernel keeps the settings of the "
                + "first rule; delete that rule first.")
    }
}
