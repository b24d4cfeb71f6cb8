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
    /// With the same hash scheme ownership, marks and counters stay as they are at that moment. With k times as many buckets,
    /// or as few, they become those of the children or parents, and counting begins anew where buckets are divided. With any
    /// other scheme the node owns nothing afterwards, since its bucket numbers mean other clients.
    ///
    /// - Parameters:
    ///   - scheme: how the rules must place flows now, unless they do as they are to; nil: in any way.
    ///   - isKept: whether the node keeps what it owns, where that can be told; otherwise it owns nothing afterwards.
    func rebuild(
        _ configuration: ClusterConfiguration, from scheme: HashScheme?, keeping isKept: Bool) throws(DriverError)

    /// Ends the membership of a node that owns nothing and keeps no connection; throws `.stillOwner` for any other.
    func leave(_ address: IPAddress) throws(DriverError)

    /// Ends the node's membership and removes everything that `install` made.
    func uninstall(_ address: IPAddress) throws(DriverError)
}

extension Driver {
    /// Makes the node a member that owns nothing; a member with these settings keeps its table's contents, and has made good
    /// what it lacks of the MAC and the address.
    ///
    /// So the request can be sent again when its answer was lost.
    public func admit(_ configuration: ClusterConfiguration) throws(DriverError) {
        do throws(DriverError) { try install(configuration, owned: []) } catch {
            guard error.code == .alreadyExists else { throw error }
            let there = try sample().clusters.first { $0.configuration.address == configuration.address }
            guard there?.configuration.scheme == configuration.scheme, there?.configuration.mac == configuration.mac
            else { throw error }
            try rebuild(configuration, from: configuration.scheme, keeping: true)
        }
    }

    /// Makes a member's rules anew with these settings, however they are now.
    public func rebuild(_ configuration: ClusterConfiguration) throws(DriverError) {
        try rebuild(configuration, from: nil, keeping: true)
    }

    /// A driver with nothing to tidy.
    public func tidy() throws(DriverError) {}
}
