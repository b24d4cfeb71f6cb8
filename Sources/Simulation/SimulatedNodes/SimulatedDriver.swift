import ClusterModel
import LegacyNode
import NodeDriver
import Responsibility

/// A driver that holds everything in memory and decides by the same code as the nftables table is checked against.
///
/// Its kernel is a node of ipt_CLUSTERIP (`LegacyNode`): the rule that makes a cluster address, the bitmap of the buckets
/// that answer, its file and its errors. It is deterministic: its clock and its packets come from the caller. It can be
/// told to fail.
public final class SimulatedDriver: Driver, NodeProbe {
    /// "simulated", unless it plays another one.
    public let name: String
    /// What it can do, which it was told.
    public let capabilities: Capabilities
    /// The interfaces of the node.
    public var interfaces: [String: MACAddress] {
        didSet { kernel.setInterfaces(interfaces.keys) }
    }
    /// The node's monotonic clock, in nanoseconds; the caller moves it.
    public var monotonicNanoseconds: UInt64 = 0
    /// The ruleset's generation; every change raises it.
    public internal(set) var generation: UInt32 = 1
    /// Asked at every call whether it fails, and when; nil never fails.
    public var failure: ((Call) -> Failure?)?
    /// Gives each installation its id, which never comes back.
    public var newInstallation: () -> String = OperationMark.newInstallation
    /// Told when the node announces the cluster MAC of an address.
    public var onAnnouncement: ((IPAddress) -> Void)?

    /// Asked before each change of a step that is not made at once: whether the agent is killed there; nil: never.
    public var dies: (() -> Bool)?
    /// Asked whether it keeps no mark any more of rules that are gone; nil: it keeps none.
    package var forgets: (() -> Bool)?
    private var hasDied = false

    var clusters: [IPAddress: SimulatedCluster] = [:]
    /// What is noted of steps beside the kernel; it outlives the rules, and no boot.
    let ledgers = MemoryLedgers()
    let kernel: SimulatedKernel

    /// A call that can fail.
    public enum Call: Hashable, Sendable {
        case sample
        case apply(StepRequest)
        case operations(IPAddress)
        case enroll(IPAddress)
        case connections(IPAddress)
        case dropConnections(IPAddress)
        case install(IPAddress)
        case rebuild(IPAddress)
        case leave(IPAddress)
        case uninstall(IPAddress)
    }

    /// How a call fails.
    public enum Failure: Hashable, Sendable {
        /// Nothing is done.
        case before(DriverError)
        /// All is done, and the caller is not told so.
        case after(DriverError)
    }

    /// A node with these interfaces and their MAC addresses, and the errors of this kernel; by default of the last one
    /// that had ipt_CLUSTERIP.
    ///
    /// What its driver lacks of the capabilities, it refuses.
    public init(
        name: String = "simulated", capabilities: Capabilities = .full,
        interfaces: [String: MACAddress] = ["eth0": MACAddress(number: 0x0200_0000_0001)],
        kernel: LegacyKernel = LegacyKernel(LinuxVersion(6, 2))
    ) {
        self.name = name
        self.capabilities = capabilities
        self.interfaces = interfaces
        self.kernel = SimulatedKernel(kernel, interfaces: interfaces.keys)
    }

    /// Reads every cluster address of the node: settings, ownership, counters and health.
    public func sample() throws(DriverError) -> DriverSample {
        try perform(.sample) { () throws(DriverError) in
            DriverSample(
                clusters: clusters.values.sorted { $0.configuration.address < $1.configuration.address }
                    .map { $0.sample(driver: description, interfaceMAC: interfaces[$0.configuration.interface]) },
                generation: generation)
        }
    }

    /// The settings of a cluster address that the node has.
    public func configuration(of address: IPAddress) -> ClusterConfiguration? { clusters[address]?.configuration }

    /// The node with this driver alone.
    public var registry: DriverRegistry { DriverRegistry(probe: self, drivers: [self]) }

    /// Applies one step as a compare-and-set.
    public func apply(_ step: StepRequest, note: OperationNote?) throws(DriverError) -> StepOutcome {
        try perform(.apply(step)) { () throws(DriverError) in
            let cluster = try cluster(step.address)
            guard capabilities.can(.atomicSteps) else { return try applyOneByOne(step, cluster) }
            try StepCheck.check(step, total: cluster.configuration.bucketCount, driver: description)
            switch StepCheck.decide(step, found: cluster.ownership, operations: cluster.operations) {
            case .refuse(let mismatches): return .refused(mismatches)
            case .write(let changes) where changes.isEmpty: return .applied
            case .write(let changes):
                if let note, let id = OperationMark(parsing: step.operation)?.operation { cluster.notes[id] = note }
                for change in changes {
                    try cluster.set(change.bucket, to: change.to, by: step.operation)
                }
                generation &+= 1
                return .applied
            }
        }
    }

    /// Whether the agent was killed in the middle of the last step; asked once.
    public func takesDeath() -> Bool {
        defer { hasDied = false }
        return hasDied
    }

    /// One bucket at a time, as where the kernel keeps nothing but who owns what.
    private func applyOneByOne(_ step: StepRequest, _ cluster: SimulatedCluster) throws(DriverError) -> StepOutcome {
        hasDied = false
        defer { generation &+= 1 }
        let total = cluster.configuration.bucketCount
        return try NotedSteps(
            ledgers, description, step.address, total: total, clock: { [unowned self] in monotonicNanoseconds }
        ).apply(
            step, owned: { () throws(DriverError) in cluster.ownership.accepting },
            set: { (bucket, owns) throws(DriverError) in
                if !self.hasDied { self.hasDied = self.dies?() == true }
                guard !self.hasDied else { throw DriverError(.kernel, "The agent was killed.") }
                try cluster.set(bucket, to: owns ? .owned : nil, by: nil)
            })
    }

    /// Notes who is a member of the cluster.
    public func enroll(_ address: IPAddress, adding: [String], removing: [String]) throws(DriverError) {
        try perform(.enroll(address)) { () throws(DriverError) in
            let cluster = try cluster(address)
            cluster.members = (cluster.members ?? []).union(adding).subtracting(
                removing.filter { !adding.contains($0) })
            generation &+= 1
        }
    }

    /// The operation id beside each bucket's ownership or release, by bucket.
    public func operations(of address: IPAddress) throws(DriverError) -> [Int: String] {
        try perform(.operations(address)) { () throws(DriverError) in
            try description.require(.marks)
            return try marks(of: cluster(address))
        }
    }

    /// Keeps no mark any more of an address that it does not have, where marks are kept beside the kernel.
    public func forget(_ address: IPAddress) throws(DriverError) {
        guard !capabilities.can(.atomicSteps), capabilities.can(.moving), forgets?() != false else { return }
        ledgers.makesInstallation = newInstallation
        try ledgers.forget(address)
    }

    /// Makes the node a member of the cluster, owning these buckets.
    public func install(_ configuration: ClusterConfiguration, owned: BucketSet) throws(DriverError) {
        try perform(.install(configuration.address)) { () throws(DriverError) in
            try ConfigurationCheck.check(configuration, owned: owned)
            try description.require(configuration)
            guard interfaces[configuration.interface] != nil else {
                throw DriverError.noInterface(configuration.interface, there: interfaces.keys.sorted())
            }
            guard clusters[configuration.address] == nil else {
                throw DriverError.alreadyInstalled(configuration.address)
            }
            let settings = try ClusterIPSettings(configuration)
            try kernel.install(settings, owned: owned)
            clusters[configuration.address] = SimulatedCluster(
                settings, installation: newInstallation(), kernel: kernel)
            generation &+= 1
        }
    }

    /// Makes a member's rule anew; where flows keep their places it keeps what it owns.
    public func rebuild(
        _ configuration: ClusterConfiguration, from scheme: HashScheme?, keeping isKept: Bool
    ) throws(DriverError) {
        try perform(.rebuild(configuration.address)) { () throws(DriverError) in
            try ConfigurationCheck.check(configuration)
            try description.require(configuration)
            guard interfaces[configuration.interface] != nil else {
                throw DriverError.noInterface(configuration.interface, there: interfaces.keys.sorted())
            }
            let settings = try ClusterIPSettings(configuration)
            let before = try cluster(configuration.address)
            let (old, new) = (before.configuration.scheme, configuration.scheme)
            try ConfigurationCheck.check(before.configuration, is: scheme, or: new)
            if isKept { try HeldBuckets.requireUnited(before.ownership, from: old, to: new) }
            let contents = isKept ? before.held.resized(from: old, to: new, installation: newInstallation()) : nil
            kernel.uninstall(before.settings)
            try kernel.install(settings, owned: contents?.ownership.accepting ?? [])
            let after = SimulatedCluster(settings, installation: newInstallation(), kernel: kernel)
            if let contents { after.inherit(contents, from: before) }
            clusters[configuration.address] = after
            generation &+= 1
        }
    }

    /// Tells who listens that the node announces the cluster MAC.
    public func announce(_ configuration: ClusterConfiguration) { onAnnouncement?(configuration.address) }

    /// Ends the membership of a node that owns nothing and keeps no connection.
    public func leave(_ address: IPAddress) throws(DriverError) {
        try perform(.leave(address)) { () throws(DriverError) in
            try description.require(.membership)
            let cluster = try cluster(address)
            guard cluster.ownership.accepting.isEmpty else {
                throw DriverError.stillOwner(address, buckets: cluster.ownership.accepting)
            }
            let kept = cluster.connections.values.count { cluster.ownership.draining.contains($0) }
            guard kept == 0 else { throw DriverError.stillNeeded(address, connections: kept) }
            kernel.uninstall(cluster.settings)
            clusters[address] = nil
            generation &+= 1
        }
    }

    /// Ends the node's membership.
    public func uninstall(_ address: IPAddress) throws(DriverError) {
        try perform(.uninstall(address)) { () throws(DriverError) in
            try description.require(.membership)
            kernel.uninstall(try cluster(address).settings)
            clusters[address] = nil
            generation &+= 1
        }
    }

    /// The marks beside the buckets, in the kernel or beside it.
    func marks(of cluster: SimulatedCluster) throws(DriverError) -> [Int: String] {
        guard !capabilities.can(.atomicSteps) else { return cluster.operations }
        return try ledgers.marks(
            cluster.configuration.address, total: cluster.configuration.bucketCount, owned: cluster.ownership.accepting)
    }

    func cluster(_ address: IPAddress) throws(DriverError) -> SimulatedCluster {
        guard let cluster = clusters[address] else { throw DriverError.notInstalled(address) }
        return cluster
    }

    func perform<Value>(
        _ call: Call, _ body: () throws(DriverError) -> Value
    ) throws(DriverError) -> Value {
        let failure = failure?(call)
        if case .before(let error) = failure { throw error }
        let value = try body()
        if case .after(let error) = failure { throw error }
        return value
    }
}
