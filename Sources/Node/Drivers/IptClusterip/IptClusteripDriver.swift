import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import PacketRules
import Responsibility

/// The driver of iptables' target CLUSTERIP, which Linux has up to 6.2: rules say how, files in /proc who owns what.
///
/// Rules keep on saying which bucket they began with; only the files tell the truth.
public final class IptClusteripDriver: Driver {
    /// "ipt_CLUSTERIP".
    public let name = "ipt_CLUSTERIP"
    /// Buckets are moved one at a time; marks are kept beside the kernel.
    ///
    /// Files list no more than 32 buckets.
    public let capabilities: Capabilities

    /// The target writes the marks, and counts nothing.
    public var isObservable: Bool { true }

    private let legacy: LegacyTables?
    private let observer: (any PacketObserver)?
    private let probe: LinuxProbe
    private let tables: () throws(KernelError) -> [RuleTable]
    private let files: any ClusterFiles
    private let notes: StepNotes
    private let kernel: LinuxVersion?
    private let marks: (IPv4Address) -> [MarkedFlow]
    private var census = MarkCensus()

    /// The driver of a node.
    ///
    /// Where the kernel has tables of ours, too, its rules can give way to one, and packets can be counted beside it.
    public convenience init(_ probe: LinuxProbe, beside observer: (any PacketObserver)? = nil) throws(DriverError) {
        let legacy: LegacyTables
        do throws(KernelError) { legacy = try LegacyTables() } catch {
            throw .kernel(error, doing: "opening a socket")
        }
        self.init(
            probe, tables: { () throws(KernelError) in try legacy.read().map(\.table) }, files: ProcClusterFiles(),
            notes: StepNotes(), kernel: Self.runningKernel, legacy: observer == nil ? nil : legacy,
            observer: observer)
    }

    /// The driver of a node whose tables and files are given; rules are removed from the tables in the kernel.
    package init(
        _ probe: LinuxProbe, tables: @escaping () throws(KernelError) -> [RuleTable], files: any ClusterFiles,
        notes: StepNotes, kernel: LinuxVersion?, legacy: LegacyTables? = nil,
        marks: ((IPv4Address) -> [MarkedFlow])? = nil, observer: (any PacketObserver)? = nil
    ) {
        self.observer = observer
        self.marks =
            marks ?? { [probe] in (try? probe.markedFlows(to: .v4($0), limit: MarkCensus.limit)) ?? [] }

        capabilities = Capabilities(
            counters: [], abilities: legacy == nil ? [.moving, .marks] : [.moving, .marks, .migrating], mostBuckets: 32)
        self.legacy = legacy
        self.probe = probe
        self.tables = tables
        self.files = files
        self.notes = notes
        self.kernel = kernel
    }

    /// Reads every address that has a file: settings from its rule, ownership from the file, defects from the chains.
    public func sample() throws(DriverError) -> DriverSample {
        var all = try clusters()
        var isOther = false
        for cluster in all {
            guard let address = cluster.found.address.v4 else { continue }
            let (target, now) = (expected(cluster.target), probe.monotonicNanoseconds)
            let isCheap = probe.conntrack.map { $0.count < MarkCensus.few } ?? false
            if census.look(at: address, expecting: target, now: now, isCheap: isCheap, marks: marks) { isOther = true }
        }
        // What is said of settings must be what is proven of them.
        if isOther { all = try clusters() }
        return DriverSample(clusters: all.map(sample))
    }

    /// The mark of each bucket.
    public func operations(of address: IPAddress) throws(DriverError) -> [Int: String] {
        let cluster = try cluster(address)
        return try notes.marks(
            address, total: Int(cluster.found.scheme.bucketCount), owned: cluster.found.ownership.accepting)
    }

    /// Changes the buckets one by one, under a lock, each read before and after.
    public func apply(_ step: StepRequest, note: OperationNote?) throws(DriverError) -> StepOutcome {
        let cluster = try cluster(step.address)
        guard let address = step.address.v4 else { throw .notInstalled(step.address) }
        return try NotedSteps(
            notes, description, step.address, total: Int(cluster.found.scheme.bucketCount),
            clock: { [probe] in probe.monotonicNanoseconds }
        ).apply(
            step, owned: { () throws(DriverError) in try self.files.owned(address) },
            set: { (bucket, owns) throws(DriverError) in try self.files.set(bucket, owned: owns, of: address) })
    }

    /// Removes the rules with the target for an address, and with the last of them its file.
    public func retire(_ address: IPAddress) throws(DriverError) {
        guard let legacy else { throw .cannot(.migrating, driver: name) }
        try ClusterTarget.removeRules(of: address, from: legacy)
        try notes.forget(address)
    }

    /// Has the node know no mark any more of rules that are gone.
    public func forget(_ address: IPAddress) throws(DriverError) { try notes.forget(address) }

    // MARK: Finding

    private struct Cluster {
        var found: FoundCluster
        var target: ClusterTarget
    }

    private func cluster(_ address: IPAddress) throws(DriverError) -> Cluster {
        guard let cluster = try clusters().first(where: { $0.found.address == address }) else {
            throw .notInstalled(address)
        }
        return cluster
    }

    private func clusters() throws(DriverError) -> [Cluster] {
        guard let addresses = files.addresses(), !addresses.isEmpty else { return [] }
        let tables: [RuleTable]
        let node: InterfaceList
        do throws(KernelError) {
            tables = try self.tables()
            node = try probe.links.interfaces()
        } catch { throw .kernel(error, doing: "reading the rules") }
        var targets: [IPv4Address: ClusterTarget] = [:]
        for address in addresses {
            guard let target = ClusterTarget.first(for: address, in: tables) else {
                throw DriverError(
                    .kernel,
                    "\(address) has a file in \(ProcClusterFiles.directory) and no rule: nothing tells its settings.")
            }
            guard (1...32).contains(target.bucketCount) else {
                throw DriverError(
                    .notSupported,
                    "\(address) has \(target.bucketCount) buckets; the kernel lists no more than 32 of them.")
            }
            targets[address] = target
        }
        let asked = try questions(tables, targets)
        return FoundCluster.all(in: asked, on: node).compactMap { found in
            found.address.v4.flatMap { targets[$0] }.map { Cluster(found: found, target: $0) }
        }
    }

    /// The tables with the target's decision in the place of its rules: what the node does not own is dropped.
    private func questions(
        _ tables: [RuleTable], _ targets: [IPv4Address: ClusterTarget]
    ) throws(DriverError) -> [RuleTable] {
        var owned: [IPv4Address: BucketSet] = [:]
        for address in targets.keys { owned[address] = try files.owned(address) }
        var asked = tables
        for table in asked.indices {
            for chain in asked[table].chains.indices {
                asked[table].chains[chain].rules = asked[table].chains[chain].rules.map { rule in
                    guard rule.target != nil, let address = rule.destination?.v4, let target = targets[address] else {
                        return rule
                    }
                    var rule = rule
                    rule.conditions.append(
                        .bucket(BucketTest(scheme(of: address, target), owned[address, default: []], isInverted: true)))
                    rule.action = .drop
                    return rule
                }
            }
        }
        return asked
    }

    /// As marks prove it, else as the kernel's version has it.
    private func scheme(of address: IPv4Address, _ target: ClusterTarget) -> HashScheme {
        let expected = expected(target)
        return .clusterIP(census.proven(address, by: expected)?.placement ?? expected)
    }

    private func expected(_ target: ClusterTarget) -> Placement {
        Placement(
            mode: target.mode, bucketCount: UInt32(target.bucketCount), seed: target.seed,
            generation: kernel.map(JhashGeneration.init) ?? .lookup3,
            byteOrder: UInt16(littleEndian: 1) == 1 ? .little : .big)
    }

    private func sample(_ cluster: Cluster) -> ClusterSample {
        let (found, target) = (cluster.found, cluster.target)
        let configuration = ClusterConfiguration(
            name: name, address: found.address, prefixLength: found.prefixLength, interface: found.interface,
            mac: target.mac, scheme: found.scheme)
        // The target writes ARP by itself, as long as the interface has the rule's name.
        let health = probe.health(of: configuration)
        var capabilities = capabilities
        // What connection tracking does not know comes to the target without a connection, and is dropped there.
        if probe.ignoresStrangeSegments { capabilities.abilities.insert(.ignoring) }
        let counters = (try? observer?.counted(configuration)) ?? nil
        if counters != nil { capabilities.counters = [.arrived, .accepted] }
        return ClusterSample(
            configuration: configuration, driver: name, capabilities: capabilities, ownership: found.ownership,
            counters: counters ?? [], health: health, alterations: found.defects.map(Alteration.rule),
            proof: found.address.v4.flatMap { census.proven($0, by: expected(target))?.proof })
    }

    private static var runningKernel: LinuxVersion? {
        var names = utsname()
        guard uname(&names) == 0 else { return nil }
        return LinuxVersion(withUnsafeBytes(of: names.release) { UnsafeRawBufferPointer($0).text })
    }
}
