import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

extension NftablesDriver {
    /// Makes the node a member of the cluster, owning these buckets: the tables first, in one transaction, so that the node
    /// never answers for a bucket that is not its own; then the cluster MAC; then the address, unless the interface has it.
    ///
    /// - Throws: an error with a sentence, after taking back whatever was done.
    public func install(_ configuration: ClusterConfiguration, owned: BucketSet) throws(DriverError) {
        try ConfigurationCheck.check(configuration, owned: owned)
        let table = BucketTable(settings: try TableSettings(configuration), layout: newLayout)
        guard let interface = links.interface(configuration.interface) else {
            throw DriverError.noInterface(configuration.interface, there: probe.interfaceNames)
        }
        let label = LinkSocket.label(configuration.interface)
        var missing = StoredConfiguration(table)
        let isOurs: Bool
        do throws(KernelError) {
            missing.madeAddress = try !links.carries(table.address, interface: interface.index)
            // No address has an empty label.
            isOurs = try links.carries(table.address, label: label ?? "", interface: interface.index)
        } catch {
            throw .kernel(error, doing: "reading the addresses of \(configuration.interface)")
        }
        // What the kernel joined for itself, such as for a rule of ipt_CLUSTERIP, it leaves when that goes.
        missing.madeMAC = !links.joinedByPrograms(interface: Int(interface.index)).contains(configuration.mac)
        // What an installation of before made is ours to remove, also when its table was lost.
        var stored = missing
        (stored.madeAddress, stored.madeMAC) = (missing.madeAddress || isOurs, missing.madeMAC || isOurs)
        try createTables(stored, owned: owned)
        do throws(KernelError) {
            if missing.madeMAC { try links.change(configuration.mac, interface: configuration.interface, join: true) }
            if let group = configuration.group?.v4 {
                try links.change(group: group, interface: interface.index, join: true)
            }
            if missing.madeAddress {
                try links.change(
                    table.address, prefixLength: configuration.prefixLength, interface: interface.index, add: true,
                    label: label)
            }
        } catch {
            remove(missing)
            throw .kernel(error, doing: "adding \(configuration.address) to \(configuration.interface)")
        }
        endTracking(table.address)
    }

    /// Ends the node's membership: the address first, then the cluster MAC, then the tables; what was there before the
    /// installation stays.
    public func uninstall(_ address: IPAddress) throws(DriverError) {
        let stored = try cluster(address).stored
        if let error = remove(stored) {
            throw .kernel(error, doing: "removing \(address) from \(stored.configuration.interface)")
        }
    }

    /// Removes what an installation made; returns the first error, after trying everything.
    @discardableResult
    private func remove(_ stored: StoredConfiguration) -> KernelError? {
        let configuration = stored.configuration
        let others = (try? currentView())?.clusters.filter { $0.configuration.address != configuration.address } ?? []
        let macIsShared = others.contains {
            $0.configuration.mac == configuration.mac && $0.configuration.interface == configuration.interface
        }
        var errors: [KernelError] = []
        if let interface = links.interface(configuration.interface) {
            if stored.madeAddress {
                errors += attempt(ignoring: EADDRNOTAVAIL) { () throws(KernelError) in
                    try links.change(
                        stored.table.address, prefixLength: configuration.prefixLength, interface: interface.index,
                        add: false)
                }
            }
            if let group = configuration.group?.v4, !macIsShared {
                errors += attempt(ignoring: EADDRNOTAVAIL) { () throws(KernelError) in
                    try links.change(group: group, interface: interface.index, join: false)
                }
            }
            if stored.madeMAC, !macIsShared {
                errors += attempt(ignoring: ENOENT) { () throws(KernelError) in
                    try links.change(configuration.mac, interface: configuration.interface, join: false)
                }
            }
        }
        for name in [stored.table.name, stored.table.guardTable.name(.plain)] {
            for family in [AF_INET, Int32(NFPROTO_ARP)] {
                errors += attempt(ignoring: ENOENT) { () throws(KernelError) in
                    var batch = Batch(socket, generation: 0)
                    batch.deleteTable(name, family: family)
                    try batch.commit()
                }
            }
        }
        view = nil
        return errors.first
    }

    private func attempt(ignoring absent: Int32, _ action: () throws(KernelError) -> Void) -> [KernelError] {
        do throws(KernelError) {
            try action()
            return []
        } catch {
            return error.number == absent ? [] : [error]
        }
    }

    /// Makes both tables and the plain guard in one transaction, in place of what others left of them.
    func createTables(_ stored: StoredConfiguration, owned: BucketSet) throws(DriverError) {
        let configuration = stored.configuration
        let name = stored.table.name
        let installation = OperationMark.newInstallation()
        var contents = TableContents(
            held: .new(bucketCount: configuration.bucketCount, owned: owned, installation: installation))
        contents.connected = try probe.trackedBuckets(configuration)
        for _ in 0..<16 {
            let generation: UInt32
            let remains: [Int32]
            let guards: PlainGuard
            do throws(KernelError) {
                let reader = RulesetReader(socket: socket)
                generation = try reader.generation()
                (remains, guards) = (try self.remains(name, reader), try plainGuard(of: stored.table, reader))
            } catch {
                throw installSentence(error, nil, configuration)
            }
            var batch = Batch(socket, generation: generation)
            for family in remains { batch.deleteTable(name, family: family) }
            batch.create(stored, contents)
            batch.put(guards)
            let labels = batch.labels
            do throws(KernelError) {
                try batch.commit()
                return
            } catch {
                guard error.number == KernelError.restart else {
                    throw installSentence(error, labels[error.sequence], configuration)
                }
            }
        }
        throw DriverError(.busy, "The ruleset keeps changing while installing \(configuration.address); try again.")
    }

    /// The families in which something is left of a cluster's tables.
    ///
    /// - Throws: `EEXIST` when the ip table holds the set that describes the cluster: then it is no remains.
    private func remains(_ name: String, _ reader: RulesetReader) throws(KernelError) -> [Int32] {
        var families: [Int32] = []
        for family in [AF_INET, Int32(NFPROTO_ARP)] where try reader.tables(family: family).contains(name) {
            if family == AF_INET, TableLayout(describedIn: try reader.table(name).sets.keys) != nil {
                throw KernelError(number: EEXIST)
            }
            families.append(family)
        }
        return families
    }

    /// The error for a refused installation; `label` says what the refused message was to make.
    func installSentence(
        _ error: KernelError, _ label: String?, _ configuration: ClusterConfiguration
    ) -> DriverError {
        switch (error.number, label) {
        case (EEXIST, _):
            .alreadyInstalled(configuration.address)
        case (EINVAL, nil), (EOPNOTSUPP, nil):
            DriverError(.notSupported, "This kernel has no nf_tables, which our own tables need.")
        case (ENOENT, let label?), (EOPNOTSUPP, let label?):
            DriverError(
                .notSupported,
                "This kernel cannot make \(label); it needs nf_tables with nft_hash, nft_ct and counters in sets, Linux 5.7 or "
                    + "later.")
        default:
            .kernel(error, doing: "installing \(configuration.address)")
        }
    }
}
