import CNetfilter
import ClusterModel
import Responsibility

extension NftablesDriver {
    /// TCP connections per bucket that this node keeps for the address, without those that both sides have closed.
    public func connections(of address: IPAddress) throws(DriverError) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for connection in try connections(cluster(address).configuration) where connection.isKept {
            counts[connection.bucket, default: 0] += 1
        }
        return counts
    }

    /// Removes this node's connection-tracking entries of these buckets; returns how many there were.
    public func dropConnections(of buckets: BucketSet, address: IPAddress) throws(DriverError) -> Int {
        let configuration = try cluster(address).configuration
        try ConfigurationCheck.checkBuckets(buckets, total: configuration.bucketCount)
        var dropped = 0
        for connection in try connections(configuration) where buckets.contains(connection.bucket) {
            do throws(KernelError) {
                if try connection.delete(socket) { dropped += 1 }
            } catch {
                throw sentence(error, doing: "dropping connections of \(address)")
            }
        }
        return dropped
    }

    /// The buckets of which connection tracking has any TCP connection, also one that is over and one that this node opened.
    func trackedBuckets(_ configuration: ClusterConfiguration) throws(DriverError) -> BucketSet {
        var buckets = BucketSet()
        do throws(KernelError) {
            try socket.request(
                type: Connection.type(IPCTNL_MSG_CT_GET), flags: NLM_F_ROOT | NLM_F_MATCH,
                extra: MessageBuffer.nfnetlink(family: AF_INET), restart: { buckets = [] },
                handle: { answer in
                    let attributes = RulesetReader.attributes(answer)
                    if let bucket = Connection.incomingBucket(attributes, configuration) { buckets.insert(bucket) }
                })
        } catch {
            throw sentence(error, doing: "reading the connections of \(configuration.address)")
        }
        return buckets
    }

    /// Takes the buckets that the node has given up, and of which it has no connection any more, out of the set that spares
    /// their segments from being dropped before connection tracking; for a time when nobody waits.
    public func tidy() throws(DriverError) {
        for cluster in try currentView().clusters {
            let kept = cluster.ownership.accepting.union(cluster.ownership.draining)
            let given = cluster.elements[BucketTable.sticky, default: []].subtracting(kept)
            guard !given.isEmpty, let generation = view?.generation else { continue }
            let idle = given.subtracting(try trackedBuckets(cluster.configuration))
            guard !idle.isEmpty else { continue }
            var batch = Batch(socket, generation: generation)
            batch.elements(NFT_MSG_DELSETELEM, table: cluster.tableName, set: BucketTable.sticky, idle)
            view = nil
            do throws(KernelError) { try batch.commit() } catch {
                // Somebody committed meanwhile: the next time will do.
                if error.number != KernelError.restart { throw sentence(error, doing: "tidying \(cluster.address)") }
            }
        }
    }

    private func connections(_ configuration: ClusterConfiguration) throws(DriverError) -> [Connection] {
        var found: [Connection] = []
        do throws(KernelError) {
            try socket.request(
                type: Connection.type(IPCTNL_MSG_CT_GET), flags: NLM_F_ROOT | NLM_F_MATCH,
                extra: MessageBuffer.nfnetlink(family: AF_INET), restart: { found = [] },
                handle: { answer in
                    if let connection = Connection(RulesetReader.attributes(answer), configuration) {
                        found.append(connection)
                    }
                })
        } catch {
            throw sentence(error, doing: "reading the connections of \(configuration.address)")
        }
        return found
    }
}
