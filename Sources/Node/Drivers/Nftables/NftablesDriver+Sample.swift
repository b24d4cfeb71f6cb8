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
                gradual = gradual.filter { address, _ in view.clusters.contains { $0.address == address } }
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
        let counted = try count(cluster)
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
            counters: counted.counters, countedAt: counted.time, health: health,
            alterations: cluster.alterations + counted.gaps, signs: try signs(cluster.table, counted.aside))
    }

    /// The counters of a table, what is wrong with the sets, and what is counted beside; the time when they are not of now.
    private typealias Counted = (
        counters: [BucketCounters], gaps: [Alteration], aside: [Int: PacketCount], time: UInt64?
    )

    private func count(_ cluster: RulesetView.Cluster) throws(KernelError) -> Counted {
        guard cluster.configuration.bucketCount > GradualCounting.bucketLimit else {
            let round = try CounterReader.read(socket, cluster.table)
            return (round.counters, round.gaps, round.aside, nil)
        }
        do throws(KernelError) {
            let counting = try counting(cluster)
            return (counting.counters, counting.gaps, counting.aside, counting.countedAt)
        } catch {
            gradual[cluster.address] = nil
            throw error
        }
    }

    /// The counting of a large table, a part further than in the sample before.
    private func counting(_ cluster: RulesetView.Cluster) throws(KernelError) -> GradualCounting {
        if let counting = gradual[cluster.address], counting.isAbout(cluster) {
            try counting.advance(now: clock())
            return counting
        }
        let counting = try GradualCounting(cluster, socket, now: clock())
        gradual[cluster.address] = counting
        return counting
    }

    /// The signs of service in a table; nil when it has no set for them.
    private func signs(_ table: BucketTable, _ aside: [Int: PacketCount]) throws(KernelError) -> ServiceSigns? {
        guard table.layout.asideSet != nil else { return nil }
        let buckets = 1...table.configuration.bucketCount
        var signs = ServiceSigns(bare: 0, misled: try CounterReader.readMisled(socket, table))
        for (key, count) in aside {
            switch key {
            case buckets: signs.uncounted = signs.uncounted.addingSaturated(count.packets)
            case Int(BucketTable.Aside.refusals): signs.refusals = count.packets
            case Int(BucketTable.Aside.segments): signs.bare = count.packets
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
}
