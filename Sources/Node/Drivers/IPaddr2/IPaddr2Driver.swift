import ClusterModel
import LinuxNode
import NodeDriver
import PacketRules
import Responsibility

/// The driver of cluster addresses for which Pacemaker's resource agent IPaddr2 wrote rules, by nft or by iptables.
///
/// It moves nothing: whoever moves a bucket behind Pacemaker's back has it moved back at the next monitor, or doubled. Where no
/// Pacemaker runs, the rules can give way to a table of ours.
public final class IPaddr2Driver: Driver {
    /// "IPaddr2".
    public let name = "IPaddr2"
    /// It reads.
    public let capabilities = Capabilities(counters: [], abilities: [], families: Set(IPAddress.Family.allCases))

    private let rules: ForeignRules

    /// The driver of a node.
    public init(_ probe: LinuxProbe) throws(DriverError) { rules = try ForeignRules(probe) }

    /// Reads every cluster address with such rules: settings, ownership, counters where rules have them, and defects.
    public func sample() throws(DriverError) -> DriverSample {
        let clusters = try rules.clusters(of: .resourceAgent)
        var capabilities = capabilities
        if !Pacemaker.runsHere { capabilities.abilities.insert(.migrating) }
        return DriverSample(
            clusters: clusters.map { $0.sample(driver: name, capabilities, on: rules.probe) },
            generation: rules.generation)
    }

    /// Removes the rules of an address, all in one transaction.
    public func retire(_ address: IPAddress) throws(DriverError) {
        guard !Pacemaker.runsHere else { throw .cannot(.migrating, driver: name) }
        try rules.remove(address)
    }
}
