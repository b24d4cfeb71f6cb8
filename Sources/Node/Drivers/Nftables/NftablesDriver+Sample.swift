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
                    clusters: clusters, generation: view.generation, guarded: view.guards.addresses.map(IPAddress.v4))
            } catch {
                guard error.number == ENOENT else { throw .kernel(error, doing: "reading the counters") }
                self.view = nil
            }
        }
        throw DriverError(.busy, "The ruleset keeps changing while reading the counters; try again.")
    }

    private func sample(_ cluster: RulesetView.Cluster) throws(KernelError) -> ClusterSample {
        let configuration = cluster.configuration
        let (counters, gaps) = try counters(cluster.table)
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
            alterations: cluster.alterations + gaps)
    }

    /// The counters of all buckets, and what is wrong with the sets; what arrived is what was accepted or dropped, where no
    /// set of its own counts it.
    func counters(
        _ table: BucketTable
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
        if table.layout.furtherSets.contains(BucketTable.unmarked) {
            try CounterReader.readPresent(socket, table, set: BucketTable.unmarked) { index, count in
                counters[index].arrived = counters[index].arrived.map { $0 + count }
                counters[index].accepted = counters[index].accepted.map { $0 + count }
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
