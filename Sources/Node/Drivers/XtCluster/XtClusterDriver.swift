import ClusterModel
import LinuxNode
import NodeDriver
import PacketRules
import Responsibility

/// The driver of cluster addresses for which an administrator wrote rules with iptables' match `cluster`.
///
/// It reads them from the kernel, whichever iptables wrote them, and whatever chain they are in.
public final class XtClusterDriver: Driver {
    /// "xt_cluster".
    public let name = "xt_cluster"
    /// It reads, and can give way to a table of ours; what is counted depends on the rules.
    public let capabilities = Capabilities(
        counters: [], abilities: [.migrating], mostBuckets: 32, families: Set(IPAddress.Family.allCases))

    private let rules: ForeignRules

    /// The driver of a node.
    public init(_ probe: LinuxProbe) throws(DriverError) { rules = try ForeignRules(probe) }

    /// Reads every cluster address with such rules: settings, ownership, counters where rules have them, and defects.
    public func sample() throws(DriverError) -> DriverSample {
        let clusters = try rules.clusters(of: .administrator)
        return DriverSample(
            clusters: clusters.map { $0.sample(driver: name, capabilities, on: rules.probe) },
            generation: rules.generation)
    }

    /// Removes the rules of an address, all in one transaction.
    public func retire(_ address: IPAddress) throws(DriverError) { try rules.remove(address) }
}
