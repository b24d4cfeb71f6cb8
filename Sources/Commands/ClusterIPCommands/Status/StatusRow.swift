import ClusterModel

/// One bucket on one node, as csv and ndjson print it.
struct StatusRow: Encodable {
    var cluster: String
    var node: String
    var bucket: Int
    var state: String
    var arrivedPackets: UInt64
    var arrivedBytes: UInt64
    var acceptedPackets: UInt64
    var acceptedBytes: UInt64

    static let columns = [
        "cluster", "node", "bucket", "state", "arrived_packets", "arrived_bytes", "accepted_packets", "accepted_bytes",
    ]

    /// The fields in the order of `columns`.
    var fields: [String] {
        [
            cluster, node, String(bucket), state, String(arrivedPackets), String(arrivedBytes),
            String(acceptedPackets), String(acceptedBytes),
        ]
    }

    /// Every bucket of every node of a cluster.
    static func rows(_ snapshot: ClusterSnapshot) -> [StatusRow] {
        snapshot.nodes.flatMap { node in
            (node.sample?.counters ?? []).enumerated().map { index, counters in
                StatusRow(
                    cluster: snapshot.configuration.name, node: node.name, bucket: index + 1,
                    state: node.ownership.state(of: index + 1)?.rawValue ?? "none",
                    arrivedPackets: counters.arrived.packets, arrivedBytes: counters.arrived.bytes,
                    acceptedPackets: counters.accepted.packets, acceptedBytes: counters.accepted.bytes)
            }
        }
    }
}
