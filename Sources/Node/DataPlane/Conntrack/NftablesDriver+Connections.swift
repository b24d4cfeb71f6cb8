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
