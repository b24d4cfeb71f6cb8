import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

/// Changes of a member that never leave the node without its table.
extension NftablesDriver {
    /// How often a transaction is tried against a ruleset that others change meanwhile.
    private static let attempts = 32

    /// Makes the tables of a member anew with these settings, in one transaction.
    ///
    /// With the same hash scheme the node keeps what it owns, every mark and every counter, as the kernel holds them at
    /// that moment: a rebuild decides nothing about ownership, so it can run beside moves. With a number of buckets that is a
    /// multiple or a divisor, no flow changes its node either. With any other scheme its bucket numbers mean other clients:
    /// it then owns nothing, and every bucket carries a new installation's mark.
    ///
    /// - Throws: an error with a sentence; the tables are then as they were.
    public func rebuild(
        _ configuration: ClusterConfiguration, from scheme: HashScheme?, keeping isKept: Bool
    ) throws(DriverError) {
        try ConfigurationCheck.check(configuration)
        var table = BucketTable(settings: try TableSettings(configuration), layout: newLayout)
        guard let interface = links.interface(configuration.interface) else {
            throw DriverError.noInterface(configuration.interface, there: probe.interfaceNames)
        }
        let before = try cluster(configuration.address).stored
        // Whose the marks are is a matter of the node, not of the settings.
        if before.table.layout == .markless { table.layout = .markless }
        try ConfigurationCheck.check(before.configuration, is: scheme, or: configuration.scheme)
        var stored = StoredConfiguration(table)
        let isMissing: Bool
        do throws(KernelError) {
            isMissing = try !links.carries(table.address, interface: interface.index)
        } catch {
            throw .kernel(error, doing: "reading the addresses of \(configuration.interface)")
        }
        let isDeaf = !links.hasJoined(configuration.mac, interface: interface.index)
        stored.madeAddress = before.madeAddress || isMissing
        stored.madeMAC = before.madeMAC || isDeaf
        try replaceTables(stored, from: scheme, keeping: isKept)
        do throws(KernelError) {
            if isDeaf { try links.change(configuration.mac, interface: configuration.interface, join: true) }
            if let group = configuration.group?.v4 {
                try links.change(group: group, interface: interface.index, join: true)
            }
            if isMissing {
                try links.change(
                    table.address, prefixLength: configuration.prefixLength, interface: interface.index, add: true,
                    label: LinkSocket.label(configuration.interface))
            }
        } catch {
            if isDeaf { try? links.change(configuration.mac, interface: configuration.interface, join: false) }
            try? replaceTables(before, from: nil, keeping: true)
            throw .kernel(error, doing: "adding \(configuration.address) to \(configuration.interface)")
        }
        leaveBehind(before, for: stored)
    }

    /// Ends the membership of a node that owns nothing and keeps no connection, and of no other.
    ///
    /// - Throws: `.stillOwner` when the kernel holds an owned or adopted bucket, or a draining one with connections, also
    ///   one that another program has just given it; the node is then a member as before.
    public func leave(_ address: IPAddress) throws(DriverError) {
        let stored = try idle(address).stored
        let configuration = stored.configuration
        // The address goes first: a node without it answers nothing, whatever becomes of its table.
        let interface = links.interface(configuration.interface)
        if stored.madeAddress, let interface {
            try? links.change(
                stored.table.address, prefixLength: configuration.prefixLength, interface: interface.index, add: false)
        }
        do throws(DriverError) {
            _ = try idle(address)
        } catch {
            if stored.madeAddress, let interface {
                try? links.change(
                    stored.table.address, prefixLength: configuration.prefixLength, interface: interface.index,
                    add: true,
                    label: LinkSocket.label(configuration.interface))
            }
            throw error
        }
        try uninstall(address)
    }

    /// The cluster of an address, when the node owns nothing of it and keeps no connection.
    private func idle(_ address: IPAddress) throws(DriverError) -> RulesetView.Cluster {
        let cluster = try cluster(address)
        guard cluster.ownership.accepting.isEmpty else {
            throw DriverError.stillOwner(address, buckets: cluster.ownership.accepting)
        }
        guard !cluster.ownership.draining.isEmpty else { return cluster }
        let kept = try probe.connections(to: cluster.configuration).filter {
            cluster.ownership.draining.contains($0.key)
        }
        guard kept.isEmpty else {
            throw DriverError.stillNeeded(address, connections: kept.values.saturatedSum)
        }
        return cluster
    }

    // MARK: Tables

    /// Puts new tables in place of those that are there, in one transaction, with what those hold.
    private func replaceTables(
        _ stored: StoredConfiguration, from scheme: HashScheme?, keeping isKept: Bool
    ) throws(DriverError) {
        let configuration = stored.configuration
        for _ in 0..<Self.attempts {
            let found = try cluster(configuration.address)
            try ConfigurationCheck.check(found.configuration, is: scheme, or: configuration.scheme)
            if isKept {
                try HeldBuckets.requireUnited(
                    found.ownership, from: found.configuration.scheme, to: configuration.scheme)
            }
            guard let generation = view?.generation else { continue }
            beforeCommit?()
            let connected = try probe.trackedBuckets(configuration)
            do throws(KernelError) {
                var contents = try contents(of: found, for: configuration, keeping: isKept)
                contents.connected = connected
                (contents.members, contents.notes) = (found.members ?? [:], found.notes ?? [:])
                var batch = Batch(socket, generation: generation)
                for family in try tableFamilies(found.tableName) {
                    batch.deleteTable(found.tableName, family: family)
                }
                batch.create(stored, contents)
                batch.put(try plainGuard(of: stored.table, RulesetReader(socket: socket)))
                try batch.commit()
                view = nil
                return
            } catch {
                view = nil
                if [KernelError.restart, EINTR, ENOENT].contains(error.number) { continue }
                throw .kernel(error, doing: "making the tables of \(configuration.address) anew")
            }
        }
        throw DriverError(
            .busy,
            "The ruleset changed \(Self.attempts) times under the rebuilding of \(configuration.address); "
                + "nothing was changed.")
    }

    /// What the new tables are to hold.
    private func contents(
        of found: RulesetView.Cluster, for configuration: ClusterConfiguration, keeping isKept: Bool
    ) throws(KernelError) -> TableContents {
        let installation = OperationMark.newInstallation()
        let new = HeldBuckets.new(bucketCount: configuration.bucketCount, owned: [], installation: installation)
        guard isKept else { return TableContents(held: new) }
        let held = HeldBuckets(
            ownership: found.ownership, marks: found.operations, counters: try counts(of: found))
        let (old, wanted) = (found.configuration.scheme, configuration.scheme)
        return TableContents(held: held.resized(from: old, to: wanted, installation: installation) ?? new)
    }

    /// The counters; none when another program took a set away.
    private func counts(of found: RulesetView.Cluster) throws(KernelError) -> [BucketCounters] {
        do throws(KernelError) {
            return try CounterReader.read(socket, found.table).counters
        } catch {
            guard error.number == ENOENT else { throw error }
            return []
        }
    }

    /// The families in which there is a table of this name.
    func tableFamilies(_ name: String) throws(KernelError) -> [Int32] {
        let reader = RulesetReader(socket: socket)
        var families: [Int32] = []
        for family in [AF_INET, Int32(NFPROTO_ARP)] where try reader.tables(family: family).contains(name) {
            families.append(family)
        }
        return families
    }

    /// Takes away what the former settings had on an interface or as a MAC, and the new ones do not need.
    private func leaveBehind(_ before: StoredConfiguration, for now: StoredConfiguration) {
        let (old, new) = (before.configuration, now.configuration)
        guard let interface = links.interface(old.interface) else { return }
        if let group = old.group?.v4, group != new.group?.v4 || old.interface != new.interface {
            try? links.change(group: group, interface: interface.index, join: false)
        }
        if before.madeMAC, old.mac != new.mac || old.interface != new.interface {
            try? links.change(old.mac, interface: old.interface, join: false)
        }
        if before.madeAddress, old.interface != new.interface {
            try? links.change(
                before.table.address, prefixLength: old.prefixLength, interface: interface.index, add: false)
        }
    }
}
