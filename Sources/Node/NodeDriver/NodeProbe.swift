import ClusterModel
import Responsibility

/// What a node is, whichever mechanism enforces ownership there: its clock, interfaces, addresses and connections.
public protocol NodeProbe: AnyObject {
    /// The node's monotonic clock, in nanoseconds.
    var monotonicNanoseconds: UInt64 { get }

    /// The addresses on all interfaces but the loopback, in ascending order.
    var addresses: [IPAddress] { get }

    /// What the node says of itself; of guards, drivers know.
    var facts: NodeFacts { get }

    /// Whether the node hears and speaks for a cluster address; whether its ARP is right, only a driver knows.
    func health(of configuration: ClusterConfiguration) -> MulticastHealth

    /// Tells the neighbours on the interface the cluster MAC of the address.
    func announce(_ configuration: ClusterConfiguration) throws(DriverError)

    /// What keeps replies of the address from its clients; nil when the node knows of nothing.
    ///
    /// - Parameter seen: the connections of the last look, by which new ones are told; those of this look afterwards.
    func obstacle(to configuration: ClusterConfiguration, seen: inout Set<UInt32>?) -> WayBackObstacle?

    /// Live TCP connections per bucket that the node keeps for a cluster address, from connection tracking.
    func connections(to configuration: ClusterConfiguration) throws(DriverError) -> [Int: Int]

    /// Removes the connection-tracking entries of these buckets; returns how many there were.
    func dropConnections(of buckets: BucketSet, to configuration: ClusterConfiguration) throws(DriverError) -> Int
}

extension NodeProbe {
    /// Nothing is known, unless a probe can tell.
    public var facts: NodeFacts { NodeFacts() }

    /// Nothing, for a node that has no neighbours.
    public func announce(_ configuration: ClusterConfiguration) throws(DriverError) {}

    /// Nothing is known, unless a node can tell.
    public func obstacle(to configuration: ClusterConfiguration, seen: inout Set<UInt32>?) -> WayBackObstacle? { nil }
}
