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
                    bareAddresses: ((try? links.allAddresses()) ?? []).filter { !own.contains($0) })
            } catch {
                guard error.number == ENOENT else { throw sentence(error, doing: "reading the counters") }
                self.view = nil
            }
        }
        throw DriverError(.busy, "The ruleset keeps changing while reading the counters; try again.")
    }

    private func sample(_ cluster: RulesetView.Cluster) throws(KernelError) -> ClusterSample {
        let configuration = cluster.configuration
        let table = cluster.tableName
        var counters = [BucketCounters](repeating: BucketCounters(), count: configuration.totalNodes)
        let missing = [
            try CounterReader.read(socket, table: table, set: "arrived", into: &counters, \.arrived),
            try CounterReader.read(socket, table: table, set: "answered", into: &counters, \.answered),
        ]
        let sentences = zip(BucketTable.countingSets, missing).filter { !$0.1.isEmpty }.map { set, buckets in
            "The set \(set) lacks \(buckets): packets of these buckets are not \(set == "arrived" ? "counted" : "answered")."
        }
        return ClusterSample(
            configuration: configuration, driver: name, ownership: cluster.ownership, counters: counters,
            health: links.health(configuration, arpRewritten: cluster.arpIsRight),
            alterations: cluster.alterations + sentences)
    }

    /// The monotonic clock.
    private static var monotonicNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
