import ClusterModel
import Responsibility

/// How a node's kernel enforces ownership: one conformer for every mechanism.
///
/// A driver holds no state that the kernel does not hold. Every method either does all of its work or throws a
/// `DriverError` and leaves the node as it was. A driver that only reads says so in its capabilities and has `sample` alone:
/// everything else refuses by itself.
public protocol Driver: AnyObject {
    /// The driver's name in samples, on screens and behind `install --driver`.
    var name: String { get }

    /// What it can do on this node; what it lacks, it refuses with `.notSupported`.
    var capabilities: Capabilities { get }

    /// Reads every cluster address that this mechanism enforces on the node: settings, ownership, counters, health.
    func sample() throws(DriverError) -> DriverSample

    /// The settings of a cluster address of this mechanism; nil when it has none of that address.
    func configuration(of address: IPAddress) throws(DriverError) -> ClusterConfiguration?

    /// Whether it has a cluster address by what it knows without asking the kernel; false when it does not know.
    func likelyHas(_ address: IPAddress) -> Bool

    /// Applies one step as a compare-and-set, in one transaction where it has atomic steps.
    ///
    /// The kernel also keeps the note of the operation, where the driver can; nil: there is none.
    func apply(_ step: StepRequest, note: OperationNote?) throws(DriverError) -> StepOutcome

    /// Writes who is a member of the cluster into the node's kernel; the other names that it lists stay.
    func enroll(_ address: IPAddress, adding: [String], removing: [String]) throws(DriverError)

    /// The mark written beside each bucket's ownership, by bucket.
    func operations(of address: IPAddress) throws(DriverError) -> [Int: String]

    /// Keeps no mark any more of an address that it does not have; a driver whose marks end with its rules does nothing.
    func forget(_ address: IPAddress) throws(DriverError)

    /// Makes the node a member of the cluster, owning these buckets.
    func install(_ configuration: ClusterConfiguration, owned: BucketSet) throws(DriverError)

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

    /// Has the node remember the connections of an address from now on, before a table of this driver is there; false when it
    /// does so already.
    func beginTracking(_ configuration: ClusterConfiguration) throws(DriverError) -> Bool

    /// Removes the rules of an address when another driver of the node enforces it, too, and nothing else.
    func retire(_ address: IPAddress) throws(DriverError)

    /// Ends the membership of a node that owns nothing and keeps no connection; throws `.stillOwner` for any other.
    func leave(_ address: IPAddress) throws(DriverError)

    /// Ends the node's membership and removes everything that `install` made.
    func uninstall(_ address: IPAddress) throws(DriverError)

    /// Whether it writes the bucket of each connection into its mark and counts nothing, so that packets can be counted beside it.
    var isObservable: Bool { get }

    /// Does what can wait, such as forgetting what no connection needs any more; nobody is told of it.
    func tidy() throws(DriverError)
}

/// Everything that one driver says at one moment.
public struct DriverSample: Hashable, Sendable {
    /// One sample for every cluster address that it enforces.
    public var clusters: [ClusterSample]
    /// The generation of the kernel's ruleset that was read; nil for a mechanism that has none.
    public var generation: UInt32?
    /// The cluster addresses of which a guard stands; nil for a mechanism that has none.
    public var guarded: [IPAddress]?

    /// A sample from its parts.
    public init(clusters: [ClusterSample], generation: UInt32? = nil, guarded: [IPAddress]? = nil) {
        self.clusters = clusters
        self.generation = generation
        self.guarded = guarded
    }
}

extension Driver {
    /// It is not, unless a driver says so.
    public var isObservable: Bool { false }

    /// It does not know, unless a driver says so.
    public func likelyHas(_ address: IPAddress) -> Bool { false }
}

extension Driver {
    /// The driver's name, and what it can do.
    public var description: DriverDescription { DriverDescription(name, capabilities) }

    /// Found among everything that is sampled; a driver that knows a shorter way has it.
    public func configuration(of address: IPAddress) throws(DriverError) -> ClusterConfiguration? {
        try sample().clusters.first { $0.configuration.address == address }?.configuration
    }

    /// Refused, unless a driver can.
    public func apply(_ step: StepRequest, note: OperationNote?) throws(DriverError) -> StepOutcome {
        throw .cannot(.moving, driver: name)
    }

    /// Applies a step of which nothing is noted.
    public func apply(_ step: StepRequest) throws(DriverError) -> StepOutcome { try apply(step, note: nil) }

    /// Refused, unless a driver can.
    public func enroll(_ address: IPAddress, adding: [String], removing: [String]) throws(DriverError) {
        throw .cannot(.membership, driver: name)
    }

    /// Refused, unless a driver can.
    public func operations(of address: IPAddress) throws(DriverError) -> [Int: String] {
        throw .cannot(.marks, driver: name)
    }

    /// Nothing, where marks end with the rules.
    public func forget(_ address: IPAddress) throws(DriverError) {}

    /// Refused, unless a driver can.
    public func install(_ configuration: ClusterConfiguration, owned: BucketSet) throws(DriverError) {
        throw .cannot(.membership, driver: name)
    }

    /// Refused, unless a driver can.
    public func rebuild(
        _ configuration: ClusterConfiguration, from scheme: HashScheme?, keeping isKept: Bool
    ) throws(DriverError) {
        throw .cannot(.membership, driver: name)
    }

    /// Nothing, unless a driver has to.
    public func beginTracking(_ configuration: ClusterConfiguration) throws(DriverError) -> Bool { false }

    /// Refused, unless a driver can.
    public func retire(_ address: IPAddress) throws(DriverError) { throw .cannot(.migrating, driver: name) }

    /// Refused, unless a driver can.
    public func leave(_ address: IPAddress) throws(DriverError) { throw .cannot(.membership, driver: name) }

    /// Refused, unless a driver can.
    public func uninstall(_ address: IPAddress) throws(DriverError) { throw .cannot(.membership, driver: name) }

    /// Nothing, unless a driver has something to tidy.
    public func tidy() throws(DriverError) {}
}

extension Driver {
    /// Makes the node a member that owns nothing; a member with these settings keeps its table's contents, and has made good
    /// what it lacks of the MAC and the address.
    ///
    /// So the request can be sent again when its answer was lost.
    public func admit(_ configuration: ClusterConfiguration) throws(DriverError) {
        do throws(DriverError) { try install(configuration, owned: []) } catch {
            guard error.code == .alreadyExists else { throw error }
            let there = try self.configuration(of: configuration.address)
            guard there?.scheme == configuration.scheme, there?.mac == configuration.mac else { throw error }
            try rebuild(configuration, from: configuration.scheme, keeping: true)
        }
    }

    /// Makes a member's rules anew with these settings, however they are now; it keeps what it owns where that can be told.
    public func rebuild(_ configuration: ClusterConfiguration) throws(DriverError) {
        try rebuild(configuration, from: nil, keeping: true)
    }
}
