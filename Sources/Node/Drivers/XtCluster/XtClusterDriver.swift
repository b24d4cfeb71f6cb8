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
    /// Rules of iptables-nft are replaced, and can give way to a table of ours; what is counted depends on the rules.
    public let capabilities = Capabilities(
        counters: [], abilities: [.moving, .marks, .migrating], mostBuckets: 32,
        families: Set(IPAddress.Family.allCases))

    private let rules: ForeignRules
    private let notes: StepNotes

    /// The driver of a node.
    public convenience init(_ probe: LinuxProbe) throws(DriverError) { try self.init(probe, notes: StepNotes()) }

    /// The driver of a node, with its notes of steps.
    package init(_ probe: LinuxProbe, notes: StepNotes) throws(DriverError) {
        rules = try ForeignRules(probe)
        self.notes = notes
    }

    /// Reads every cluster address with such rules: settings, ownership, counters where rules have them, and defects.
    public func sample() throws(DriverError) -> DriverSample {
        let clusters = try rules.clusters(of: .administrator)
        return DriverSample(
            clusters: clusters.map { $0.sample(driver: name, capabilities, on: rules.probe) },
            generation: rules.generation)
    }

    /// The mark of each bucket.
    public func operations(of address: IPAddress) throws(DriverError) -> [Int: String] {
        let found = try found(address)
        return try notes.marks(address, total: Int(found.scheme.bucketCount), owned: found.ownership.accepting)
    }

    /// Changes the masks of the rules bucket by bucket, under a lock, each read before and after.
    public func apply(_ step: StepRequest, note: OperationNote?) throws(DriverError) -> StepOutcome {
        let address = step.address
        let total = Int(try found(address).scheme.bucketCount)
        return try NotedSteps(
            notes, description, address, total: total, clock: { [rules] in rules.probe.monotonicNanoseconds }
        ).apply(
            step, owned: { () throws(DriverError) in try self.found(address).ownership.accepting },
            set: { (bucket, owns) throws(DriverError) in try self.rules.set(bucket, owned: owns, of: address) })
    }

    private func found(_ address: IPAddress) throws(DriverError) -> FoundCluster {
        guard let cluster = try rules.clusters(of: .administrator).first(where: { $0.found.address == address }) else {
            throw .notInstalled(address)
        }
        return cluster.found
    }

    /// Has the node know no mark any more of rules that are gone.
    public func forget(_ address: IPAddress) throws(DriverError) { try notes.forget(address) }

    /// Removes the rules of an address, all in one transaction.
    public func retire(_ address: IPAddress) throws(DriverError) { try rules.remove(address) }
}
