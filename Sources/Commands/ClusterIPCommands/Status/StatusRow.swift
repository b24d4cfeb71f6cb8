import ClusterModel

/// One bucket on one node, as csv and ndjson print it.
struct StatusRow: Encodable {
    var cluster: String
    var node: String
    var bucket: Int
    var state: String
    var arrived_packets: UInt64
    var arrived_bytes: UInt64
    var answered_packets: UInt64
    var answered_bytes: UInt64

    static let columns = [
        "cluster", "node", "bucket", "state", "arrived_packets", "arrived_bytes", "answered_packets", "answered_bytes",
    ]

    /// The fields in the order of `columns`.
    var fields: [String] {
        [
            cluster, node, String(bucket), state, String(arrived_packets), String(arrived_bytes),
            String(answered_packets), String(answered_bytes),
        ]
    }

    /// Every bucket of every node of a cluster.
    static func rows(_ snapshot: ClusterSnapshot) -> [StatusRow] {
        snapshot.nodes.flatMap { node in
            (node.sample?.counters ?? []).enumerated().map { index, counters in
                StatusRow(
                    cluster: snapshot.configuration.name, node: node.name, bucket: index + 1,
                    state: node.ownership.state(of: index + 1)?.rawValue ?? "none",
                    arrived_packets: counters.arrived.packets, arrived_bytes: counters.arrived.bytes,
                    answered_packets: counters.answered.packets, answered_bytes: counters.answered.bytes)
            }
        }
    }
}
