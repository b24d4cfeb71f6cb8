import ClusterModel
import Responsibility

/// How a node's kernel enforces ownership: one conformer for every mechanism.
///
/// A driver holds no state that the kernel does not hold. Every method either does all of its work or throws a
/// `DriverError` and leaves the node as it was.
public protocol Driver: AnyObject {
    /// The driver's name in samples and on screens.
    var name: String { get }

    /// Reads every cluster address of the node, with ownership, counters, settings and health.
    func sample() throws(DriverError) -> NodeSample

    /// Applies one step as a compare-and-set, in one transaction.
    func apply(_ step: StepRequest) throws(DriverError) -> StepOutcome

    /// The operation id written beside each bucket's ownership element, by bucket.
    func operations(of address: IPAddress) throws(DriverError) -> [Int: String]

    /// Live TCP connections per bucket that this node keeps for the address, from conntrack by mark.
    func connections(of address: IPAddress) throws(DriverError) -> [Int: Int]

    /// Removes this node's connection-tracking entries of these buckets; returns how many there were.
    func dropConnections(of buckets: BucketSet, address: IPAddress) throws(DriverError) -> Int

    /// Makes the node a member of the cluster, owning these buckets.
    func install(_ configuration: ClusterConfiguration, owned: BucketSet) throws(DriverError)

    /// Does what can wait, such as forgetting what no connection needs any more; nobody is told of it.
    func tidy() throws(DriverError)

    /// Makes a member's rules anew with these settings, without an instant in which the node has none.
    ///
    /// With the same hash scheme ownership, marks and counters stay as they are at that moment; with another one the node
    /// owns nothing afterwards, since its bucket numbers mean other clients.
    func rebuild(_ configuration: ClusterConfiguration) throws(DriverError)

    /// Ends the membership of a node that owns nothing and keeps no connection; throws `.stillOwner` for any other.
    func leave(_ address: IPAddress) throws(DriverError)

    /// Ends the node's membership and removes everything that `install` made.
    func uninstall(_ address: IPAddress) throws(DriverError)
}

extension Driver {
    /// A driver with nothing to tidy.
    public func tidy() throws(DriverError) {}
}
