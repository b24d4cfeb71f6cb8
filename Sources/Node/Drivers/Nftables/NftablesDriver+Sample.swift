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
                var clusters: [ClusterSample] = []
                for index in view.clusters.indices {
                    var sample = try sample(view.clusters[index])
                    sample.notes = view.clusters[index].kept()
                    clusters.append(sample)
                }
                self.view = view
                return DriverSample(clusters: clusters, generation: view.generation)
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
        return ClusterSample(
            configuration: configuration, driver: name, capabilities: capabilities, ownership: cluster.ownership,
            counters: counters,
            health: links.health(configuration, arpRewritten: cluster.arpIsRight),
            alterations: cluster.alterations + gaps)
    }

    /// The counters of all buckets, and what is wrong with the sets; what arrived is what was accepted or dropped, where no
    /// set of its own counts it.
    func counters(
        _ table: BucketTable
    ) throws(KernelError) -> (counters: [BucketCounters], gaps: [Alteration]) {
        let sets = table.layout.countingSets
        let first = try CounterReader.read(socket, table, set: sets[0])
        let second = try CounterReader.read(socket, table, set: sets[1])
        var counters = zip(first, second).map { first, second in
            table.layout == .first
                ? BucketCounters(arrived: first, accepted: second)
                : BucketCounters(arrived: first.flatMap { first in second.map { first + $0 } }, accepted: first)
        }
        if table.layout.furtherSets.contains(BucketTable.unmarked) {
            try CounterReader.readPresent(socket, table, set: BucketTable.unmarked) { index, count in
                counters[index].arrived = counters[index].arrived.map { $0 + count }
                counters[index].accepted = counters[index].accepted.map { $0 + count }
            }
        }
        return (counters, Self.gaps(first, sets[0]) + Self.gaps(second, sets[1]))
    }

    /// What is wrong with a counting set that lacks buckets.
    private static func gaps(_ counts: [PacketCount?], _ set: String) -> [Alteration] {
        let missing = BucketSet(counts.indices.lazy.filter { counts[$0] == nil }.map { $0 + 1 })
        return missing.isEmpty ? [] : [.bucketsMissing(set: set, missing)]
    }
}
