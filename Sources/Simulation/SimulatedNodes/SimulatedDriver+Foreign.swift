import ClusterModel
import LegacyNode
import NodeDriver
import Responsibility

// What other programs do to a simulated node, and what it holds then.
extension SimulatedDriver {
    /// The node as ipt_CLUSTERIP shows it: rules, the files of its addresses, its log, and how it rewrites ARP.
    ///
    /// The bitmaps have the buckets 1 to 64 that accept flows; a cluster's buckets beyond are not in them.
    public var node: LegacyNode { kernel.node }

    /// Lets another program change the node by the kernel's own means: with iptables, or by writing to an address's file.
    ///
    /// Buckets that it adds are owned, with nobody's id beside them. When it deletes the last rule of an address, the
    /// node is no member any more.
    ///
    /// - Throws: what the kernel answers to that program.
    public func changeNode<Value, Failure: Error>(
        _ body: (inout LegacyNode) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let before = clusters.mapValues { kernel.accepting($0.address) }
        defer {
            for (address, cluster) in clusters {
                cluster.takeOver(from: before[address] ?? [])
                if kernel.node.addresses[cluster.address] == nil { clusters[address] = nil }
            }
            generation &+= 1
        }
        return try kernel.change(body)
    }

    /// Makes the node a member as another program does, such as a cluster manager whose rules the driver only reads.
    public func commitForeignInstallation(
        _ configuration: ClusterConfiguration, owned: BucketSet
    ) throws(DriverError) {
        let settings = try ClusterIPSettings(configuration)
        try kernel.install(settings, owned: owned)
        clusters[configuration.address] = SimulatedCluster(
            settings, installation: newInstallation(), kernel: kernel,
            takesStrangers: !capabilities.can(.ignoring))
        generation &+= 1
    }

    /// Ends the node's part as another program does that deletes its rules.
    public func commitForeignRemoval(of address: IPAddress) {
        guard let cluster = clusters[address] else { return }
        kernel.uninstall(cluster.settings)
        clusters[address] = nil
        generation &+= 1
    }

    /// The mark of this boot, for notes that are kept beside the kernel.
    public func setBootMark(_ mark: String) { ledgers.boot = mark }

    /// Raises the generation, as a commit by another program does.
    public func commitForeignChange() { generation &+= 1 }

    /// Puts a bucket into a state as another program does: nothing is written beside it.
    public func commitForeignChange(of bucket: Int, to state: BucketState?, address: IPAddress) {
        guard let cluster = clusters[address] else { return }
        try? cluster.set(bucket, to: state, by: nil)
        generation &+= 1
    }

    /// Begins all counters anew, as a program does that makes the sets again instead of their elements.
    package func resetCounters(of address: IPAddress) { clusters[address]?.resetCounters() }

    /// The counters of all buckets of an address; nil when the node is no member.
    package func counters(of address: IPAddress) -> [BucketCounters]? { clusters[address]?.counters }

    /// What the node holds for an address, and who wrote it; nil when it is no member.
    public func held(for address: IPAddress) -> (ownership: Ownership, operations: [Int: String])? {
        clusters[address].map { ($0.ownership, (try? marks(of: $0)) ?? $0.operations) }
    }
}

// The node around the driver.
extension SimulatedDriver {
    /// The cluster addresses alone: a simulated node has no others.
    public var addresses: [IPAddress] { [] }

    /// Whether the interface is there and the address is bound.
    public func health(of configuration: ClusterConfiguration) -> MulticastHealth {
        clusters[configuration.address]?.health(interfaceMAC: interfaces[configuration.interface])
            ?? MulticastHealth(
                interfacePresent: interfaces[configuration.interface] != nil, interfaceUp: true, macJoined: false,
                addressPresent: false)
    }

    /// Live connections per bucket that this node keeps for the address.
    public func connections(to configuration: ClusterConfiguration) throws(DriverError) -> [Int: Int] {
        try perform(.connections(configuration.address)) { () throws(DriverError) in
            try cluster(configuration.address).connections.values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }

    /// Forgets this node's connections of these buckets; returns how many there were.
    public func dropConnections(
        of buckets: BucketSet, to configuration: ClusterConfiguration
    ) throws(DriverError) -> Int {
        try perform(.dropConnections(configuration.address)) { () throws(DriverError) in
            let cluster = try cluster(configuration.address)
            let before = cluster.connections.count
            cluster.connections = cluster.connections.filter { !buckets.contains($0.value) }
            return before - cluster.connections.count
        }
    }
}
