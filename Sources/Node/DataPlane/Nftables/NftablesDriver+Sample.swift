import CNetfilter
import ClusterModel
import Glibc
import Responsibility

extension NftablesDriver {
    /// Reads every cluster address of the node, with ownership, counters, settings and health.
    public func sample() throws(DriverError) -> NodeSample {
        for _ in 0..<16 {
            let view = try currentView()
            do throws(KernelError) {
                var clusters: [ClusterSample] = []
                for cluster in view.clusters { clusters.append(try sample(cluster)) }
                let own = Set(view.clusters.map(\.address))
                return NodeSample(
                    monotonicNanoseconds: Self.monotonicNanoseconds, generation: view.generation, clusters: clusters,
                    bareAddresses: ((try? links.allAddresses()) ?? []).map(IPAddress.v4).filter { !own.contains($0) },
                    conntrack: conntrack)
            } catch {
                guard error.number == ENOENT else { throw sentence(error, doing: "reading the counters") }
                self.view = nil
            }
        }
        throw DriverError(.busy, "The ruleset keeps changing while reading the counters; try again.")
    }

    private func sample(_ cluster: RulesetView.Cluster) throws(KernelError) -> ClusterSample {
        let configuration = cluster.configuration
        let (counters, gaps) = try counters(cluster.table)
        return ClusterSample(
            configuration: configuration, driver: name, ownership: cluster.ownership, counters: counters,
            health: links.health(configuration, arpRewritten: cluster.arpIsRight),
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
        var counters = (0..<table.configuration.bucketCount).map { index in
            let counts = found.map { $0[index] ?? PacketCount() }
            return table.layout == .first
                ? BucketCounters(arrived: counts[0], accepted: counts[1])
                : BucketCounters(arrived: counts[0] + counts[1], accepted: counts[0], replied: counts[2])
        }
        if table.layout.furtherSets.contains(BucketTable.unmarked) {
            try CounterReader.readPresent(socket, table, set: BucketTable.unmarked) { index, count in
                counters[index].arrived = counters[index].arrived + count
                counters[index].accepted = counters[index].accepted + count
            }
        }
        return (counters, zip(found, sets).flatMap { Self.gaps($0, $1) })
    }

    /// What is wrong with a counting set that lacks buckets.
    private static func gaps(_ counts: [PacketCount?], _ set: String) -> [Alteration] {
        let missing = BucketSet(counts.indices.lazy.filter { counts[$0] == nil }.map { $0 + 1 })
        return missing.isEmpty ? [] : [.bucketsMissing(set: set, missing)]
    }

    /// The connection-tracking table of the network namespace; nil when there is none.
    private var conntrack: ConntrackTable? {
        guard let count = conntrackCount.read(), let limit = conntrackLimit.read(), limit > 0 else { return nil }
        return ConntrackTable(count: count, limit: limit)
    }

    /// The monotonic clock.
    private static var monotonicNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
