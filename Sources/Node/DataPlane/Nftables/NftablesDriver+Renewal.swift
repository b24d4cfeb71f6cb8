import CNetfilter
import ClusterModel
import Glibc

extension NftablesDriver {
    /// Puts a table of the new layout in the place of an older one, in one transaction, when nothing else is to change.
    ///
    /// Ownership goes over with the operations that wrote it; the address and the MAC are not touched, so that no packet
    /// meets a node without rules. Buckets with connections are spared as if they were drained. The counters begin at 0.
    ///
    /// - Returns: whether it was done; false when there is no such table.
    func renew(_ configuration: ClusterConfiguration, owned: BucketSet) throws(DriverError) -> Bool {
        for _ in 0..<16 {
            guard let cluster = try currentView().clusters.first(where: { $0.address == configuration.address }),
                let generation = view?.generation, cluster.layout != newLayout,
                cluster.ownership.accepting == owned, cluster.configuration.isSame(as: configuration)
            else { return false }
            let sticky = try trackedBuckets(configuration)
            do throws(KernelError) {
                let hasARP = try RulesetReader(socket: socket).tables(family: Int32(NFPROTO_ARP)).contains(
                    cluster.tableName)
                var batch = Batch(socket, generation: generation)
                batch.deleteTable(cluster.tableName, family: AF_INET)
                if hasARP { batch.deleteTable(cluster.tableName, family: Int32(NFPROTO_ARP)) }
                batch.create(
                    BucketTable(configuration: configuration, layout: newLayout), cluster.stored, cluster.content,
                    sticky: sticky)
                view = nil
                try batch.commit()
                return true
            } catch {
                if error.number != KernelError.restart { throw sentence(error, doing: "renewing \(cluster.tableName)") }
            }
        }
        throw DriverError(.busy, "The ruleset keeps changing while renewing \(configuration.address); try again.")
    }
}

extension ClusterConfiguration {
    /// Whether all but the name, which is for people, is the same.
    fileprivate func isSame(as other: Self) -> Bool {
        var renamed = other
        renamed.name = name
        return self == renamed
    }
}

extension RulesetView.Cluster {
    /// The operation that wrote each bucket, by ownership set and bucket.
    fileprivate var content: [String: [Int: String]] {
        BucketTable.ownershipSets.reduce(into: [:]) { content, set in
            for bucket in elements[set, default: []] {
                content[set, default: [:]][bucket] = operations[bucket, default: ""]
            }
        }
    }
}
