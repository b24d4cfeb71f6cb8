import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

extension NftablesDriver {
    /// Reads every cluster address that has a table of ours: settings, ownership, counters and health.
    public func sample() throws(DriverError) -> DriverSample {
        for _ in 0..<16 {
            var view = try currentView()
            do throws(KernelError) {
                if view.guards.areHeld,
                    try !view.guards.areHeld(among: RulesetReader(socket: socket).tables(family: AF_INET))
                {
                    self.view = nil
                    continue
                }
                var clusters: [ClusterSample] = []
                for index in view.clusters.indices {
                    var sample = try sample(view.clusters[index])
                    sample.notes = view.clusters[index].kept()
                    clusters.append(sample)
                }
                self.view = view
                return DriverSample(
                    clusters: clusters, generation: view.generation == 0 ? nil : view.generation,
                    guarded: view.guards.addresses.map(IPAddress.v4))
            } catch {
                guard error.number == ENOENT else { throw .kernel(error, doing: "reading the counters") }
                self.view = nil
            }
        }
        throw DriverError(.busy, "The ruleset keeps changing while reading the counters; try again.")
    }

    private func sample(_ cluster: RulesetView.Cluster) throws(KernelError) -> ClusterSample {
        let configuration = cluster.configuration
        let aside = try aside(cluster.table)
        let (counters, gaps) = try counters(cluster.table, aside)
        // The guard says the cluster MAC, too.
        let isRewritten = cluster.arpIsRight || cluster.guardState != .missing
        var health = links.health(configuration, arpRewritten: isRewritten)
        health.guardState = cluster.guardState
        // One without a label may be older than labels.
        if cluster.stored.madeAddress { health.addressIsForeign = health.addressIsForeign.map { _ in false } }
        var capabilities = capabilities
        if cluster.table.layout == .first { capabilities.counters.remove(.replied) }
        return ClusterSample(
            configuration: configuration, driver: name, capabilities: capabilities, ownership: cluster.ownership,
            counters: counters,
            health: health,
            alterations: cluster.alterations + gaps, signs: try signs(cluster.table, aside))
    }

    /// What is counted beside the buckets' packets, by key; nothing where the table has no set for it.
    func aside(_ table: BucketTable) throws(KernelError) -> [Int: PacketCount] {
        guard let set = table.layout.asideSet else { return [:] }
        do throws(KernelError) {
            return try CounterReader.readPresent(socket, table, set: set)
        } catch {
            // A table that another program cut short, or made before there was such a set: an alteration says so.
            guard error.number == ENOENT else { throw error }
            return [:]
        }
    }

    /// The signs of service in a table; nil when it has no set for them.
    private func signs(_ table: BucketTable, _ aside: [Int: PacketCount]) throws(KernelError) -> ServiceSigns? {
        guard table.layout.asideSet != nil else { return nil }
        let buckets = 1...table.configuration.bucketCount
        var signs = ServiceSigns(misled: try CounterReader.readMisled(socket, table))
        for (key, count) in aside {
            switch key {
            case buckets: signs.uncounted = signs.uncounted.addingSaturated(count.packets)
            case Int(BucketTable.Aside.refusals): signs.refusals = count.packets
            case let key where buckets.contains(key - Int(BucketTable.Aside.strays)):
                guard signs.strays.count < Self.strayLimit else { continue }
                signs.strays[key - Int(BucketTable.Aside.strays)] = count.packets
            default: break
            }
        }
        return signs
    }

    /// Of so many buckets stray segments are told.
    private static let strayLimit = 4096

    /// The counters of all buckets, and what is wrong with the sets; what arrived is what was accepted or dropped, where no
    /// set of its own counts it.
    func counters(
        _ table: BucketTable, _ aside: [Int: PacketCount]
    ) throws(KernelError) -> (counters: [BucketCounters], gaps: [Alteration]) {
        let sets = table.layout.countingSets
        var found: [[PacketCount?]] = []
        for set in sets { found.append(try CounterReader.read(socket, table, set: set)) }
        var counters: [BucketCounters] = []
        counters.reserveCapacity(table.configuration.bucketCount)
        for index in 0..<table.configuration.bucketCount {
            let (first, second) = (found[0][index], found[1][index])
            guard table.layout != .first else {
                counters.append(BucketCounters(arrived: first, accepted: second))
                continue
            }
            let arrived = first.flatMap { first in second.map { first + $0 } }
            counters.append(BucketCounters(arrived: arrived, accepted: first, replied: found[2][index]))
        }
        if table.layout.marksConnections {
            for (key, count) in aside where counters.indices.contains(key - 1) {
                counters[key - 1].arrived = counters[key - 1].arrived.map { $0 + count }
                counters[key - 1].accepted = counters[key - 1].accepted.map { $0 + count }
            }
        }
        return (counters, zip(found, sets).flatMap { Self.gaps($0, $1) })
    }

    /// What is wrong with a counting set that lacks buckets.
    private static func gaps(_ counts: [PacketCount?], _ set: String) -> [Alteration] {
        guard counts.contains(where: { $0 == nil }) else { return [] }
        return [.bucketsMissing(set: set, BucketSet(counts.indices.filter { counts[$0] == nil }.map { $0 + 1 }))]
    }
}
