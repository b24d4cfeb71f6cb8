import ClusterModel
import Responsibility

/// All drivers of a node, and the node they share: clusters of every mechanism are sampled side by side.
public final class DriverRegistry {
    /// The node.
    public let probe: any NodeProbe
    /// The drivers; the first makes a node a member unless another is named.
    public let drivers: [any Driver]

    /// A registry of these drivers, one at least.
    public init(probe: any NodeProbe, drivers: [any Driver]) {
        precondition(!drivers.isEmpty, "an agent without a driver has nothing to say")
        self.probe = probe
        self.drivers = drivers
    }

    /// The drivers' names, and what each can do.
    public var descriptions: [DriverDescription] { drivers.map(\.description) }

    /// Everything that the node says now; a driver that fails is told of, and the others go on.
    public func sample() -> NodeSample {
        var sample = NodeSample(monotonicNanoseconds: probe.monotonicNanoseconds, generation: 0, clusters: [])
        var guarded: [IPAddress]?
        for driver in drivers {
            do throws(DriverError) {
                let found = try driver.sample()
                if sample.generation == 0 { sample.generation = found.generation ?? 0 }
                guarded = found.guarded ?? guarded
                add(found.clusters, of: driver, to: &sample)
            } catch {
                sample.failures.append(
                    DriverFailure(driver: driver.name, code: error.code, message: error.message))
            }
        }
        sample.clusters.sort { $0.configuration.address < $1.configuration.address }
        let own = Set(sample.clusters.map(\.configuration.address))
        sample.bareAddresses = probe.addresses.filter { !own.contains($0) }
        sample.facts = probe.facts
        sample.facts.boot = guarded.map { BootFacts(guarded: $0, members: sample.facts.boot?.members) }
        return sample
    }

    /// An address that two drivers enforce is the first one's, and the other is told of.
    private func add(_ clusters: [ClusterSample], of driver: any Driver, to sample: inout NodeSample) {
        for cluster in clusters {
            let address = cluster.configuration.address
            guard let other = sample.clusters.first(where: { $0.configuration.address == address }) else {
                sample.clusters.append(cluster)
                continue
            }
            sample.failures.append(
                DriverFailure(
                    driver: driver.name, code: .alreadyExists,
                    message: "\(address) is enforced by \(other.driver) too; one of them must go."))
        }
    }

    /// The driver of this name; the first for nil.
    ///
    /// - Throws: `.notSupported` when there is none.
    public func driver(named name: String?) throws(DriverError) -> any Driver {
        guard let name else { return drivers[0] }
        guard let driver = drivers.first(where: { $0.name == name }) else {
            throw .noDriver(name, there: drivers.map(\.name))
        }
        return driver
    }

    /// The driver that enforces a cluster address, and its settings.
    ///
    /// - Throws: `.notFound` when none does, or why one that may could not be asked.
    public func driver(
        of address: IPAddress
    ) throws(DriverError) -> (driver: any Driver, configuration: ClusterConfiguration) {
        var failure: DriverError?
        for driver in drivers {
            do throws(DriverError) {
                if let configuration = try driver.configuration(of: address) { return (driver, configuration) }
            } catch { failure = failure ?? error }
        }
        throw failure ?? .notInstalled(address)
    }

    /// Applies a step by the driver that has the address, unless its last moment has passed; one that had the address when it
    /// last looked finds out by itself.
    public func apply(_ step: StepRequest, note: OperationNote? = nil) throws(DriverError) -> StepOutcome {
        if let until = step.until, probe.monotonicNanoseconds > until { throw .expired(step) }
        if let driver = drivers.first(where: { $0.likelyHas(step.address) }) {
            do throws(DriverError) { return try driver.apply(step, note: note) } catch {
                guard error.code == .notFound else { throw error }
            }
        }
        return try driver(of: step.address).driver.apply(step, note: note)
    }

    /// The mark beside each bucket of an address.
    ///
    /// Whoever is told that the node has no such address moves buckets without it. So no mark of before remains then, and what
    /// was meant for rules that are gone is refused by rules that come later.
    public func operations(of address: IPAddress, isReadOnly: Bool) throws(DriverError) -> [Int: String] {
        let found: any Driver
        do throws(DriverError) { found = try driver(of: address).driver } catch {
            if error.code == .notFound, !isReadOnly { for driver in drivers { try driver.forget(address) } }
            throw error
        }
        return try found.operations(of: address)
    }

    /// Live TCP connections per bucket that the node keeps for an address.
    public func connections(of address: IPAddress) throws(DriverError) -> [Int: Int] {
        try probe.connections(to: driver(of: address).configuration)
    }

    /// Removes the connection-tracking entries of these buckets; returns how many there were.
    public func dropConnections(of buckets: BucketSet, address: IPAddress) throws(DriverError) -> Int {
        let configuration = try driver(of: address).configuration
        try ConfigurationCheck.checkBuckets(buckets, total: configuration.bucketCount)
        return try probe.dropConnections(of: buckets, to: configuration)
    }

    /// Tells the neighbours the cluster MAC of an address, unless the node's ARP would gainsay it.
    public func announce(_ address: IPAddress) throws(DriverError) {
        let (driver, configuration) = try driver(of: address)
        let health = try driver.sample().clusters.first { $0.configuration.address == address }?.health
        guard health?.arpRewritten != false else {
            throw DriverError(
                .kernel, "The node's own ARP packets would gainsay it: they are not rewritten; reinstall it first.")
        }
        try probe.announce(configuration)
    }

    /// Makes a member's rules anew with these settings; rules that another program wrote give way to the first driver's.
    ///
    /// For a moment both decide: they place flows alike and own the same, so each packet fares as it did.
    public func rebuild(
        _ configuration: ClusterConfiguration, from scheme: HashScheme?, keeping isKept: Bool
    ) throws(DriverError) {
        let (driver, there) = try driver(of: configuration.address)
        let sample = try driver.sample().clusters.first { $0.configuration.address == configuration.address }
        guard !driver.capabilities.can(.membership), sample?.capabilities.can(.migrating) == true else {
            return try driver.rebuild(configuration, from: scheme, keeping: isKept)
        }
        guard there.scheme.placesAlike(configuration.scheme, family: configuration.address.family), isKept else {
            throw DriverError(
                .otherSettings,
                "\(there.address) is placed by \(there.schemeText) here; its clients would change their nodes.")
        }
        let first = drivers[0]
        // Rules that ask for no connection leave the kernel without a memory of those that there are.
        if case .nft = there.scheme, try probe.connections(to: there).isEmpty, try first.beginTracking(configuration) {
            throw DriverError(
                .busy,
                "Nothing is changed yet: from now on the kernel tracks the connections of \(there.address). Those that send "
                    + "something within a minute live on: migrate again then.")
        }
        try first.install(configuration, owned: sample?.ownership.accepting ?? [])
        do throws(DriverError) { try driver.retire(configuration.address) } catch {
            try first.uninstall(configuration.address)
            throw error
        }
        // The table counts by itself.
        try? endObserving(configuration.address)
    }

    /// Lets every driver do what can wait.
    public func tidy() { for driver in drivers { try? driver.tidy() } }
}
