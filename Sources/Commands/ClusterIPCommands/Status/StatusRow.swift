import ClusterModel

/// One bucket on one node, as csv and ndjson print it.
struct StatusRow: Encodable {
    var cluster: String
    var node: String
    var bucket: Int
    var state: String
    var arrivedPackets: UInt64
    var arrivedBytes: UInt64
    var answeredPackets: UInt64
    var answeredBytes: UInt64

    static let columns = [
        "cluster", "node", "bucket", "state", "arrived_packets", "arrived_bytes", "answered_packets", "answered_bytes",
    ]

    /// The fields in the order of `columns`.
    var fields: [String] {
        [
            cluster, node, String(bucket), state, String(arrivedPackets), String(arrivedBytes),
            String(answeredPackets), String(answeredBytes),
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
                    answeredPackets: counters.answered.packets, answeredBytes: counters.answered.bytes)
            }
        }
    }
}
