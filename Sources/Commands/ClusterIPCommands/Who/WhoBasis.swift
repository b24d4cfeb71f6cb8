import ClusterModel
import Responsibility

/// What answers are given from: an arithmetic, and the nodes where a cluster is known.
struct WhoBasis {
    /// The arithmetic; nil when each row says its own.
    var scheme: HashScheme?
    /// The cluster; nil offline.
    var snapshot: ClusterSnapshot?
    /// The owners of buckets; nil when nothing tells them.
    var owners: OwnerMap?

    /// The basis that options describe: offline, or the live cluster.
    init(_ offline: SchemeParts, _ cluster: ClusterOptions, owners text: String?) throws(CommandError) {
        if let scheme = try offline.value() {
            self.scheme = scheme
        } else {
            let snapshot = try Self.liveSnapshot(cluster)
            self.snapshot = snapshot
            scheme = snapshot.configuration.scheme
            owners = OwnerMap(snapshot)
        }
        if let text, let scheme { owners = try OwnerMap(parsing: text, scheme: scheme) }
    }

    /// A basis of which each row says all.
    init() {}

    /// The owner of a bucket that a flow of this scheme fell into; nil when it is not the scheme of the owners.
    func owner(of bucket: Int, in scheme: HashScheme) -> String? {
        scheme == self.scheme ? owners?.name(ofOwner: bucket) : nil
    }

    private static func liveSnapshot(_ cluster: ClusterOptions) throws(CommandError) -> ClusterSnapshot {
        let connection = try ClusterConnection(cluster.load())
        defer { connection.close() }
        return try connection.awaitedSnapshot()
    }
}
