import ClusterModel

/// One bucket on one node, as csv and ndjson print it.
struct StatusRow: Encodable {
    var cluster: String
    var node: String
    var bucket: Int
    var state: String
    var arrived: PacketCount?
    var accepted: PacketCount?

    static let columns = [
        "cluster", "node", "bucket", "state", "arrived_packets", "arrived_bytes", "accepted_packets", "accepted_bytes",
    ]

    /// The fields in the order of `columns`.
    var fields: [String] {
        [
            cluster, node, String(bucket), state, Self.text(arrived?.packets), Self.text(arrived?.bytes),
            Self.text(accepted?.packets), Self.text(accepted?.bytes),
        ]
    }

    /// A number that is not counted is an empty field.
    private static func text(_ number: UInt64?) -> String { number.map(String.init) ?? "" }

    private enum Key: String, CodingKey {
        case cluster, node, bucket, state, arrivedPackets, arrivedBytes, acceptedPackets, acceptedBytes
    }

    /// Encodes the row; a number that is not counted is null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(cluster, forKey: .cluster)
        try container.encode(node, forKey: .node)
        try container.encode(bucket, forKey: .bucket)
        try container.encode(state, forKey: .state)
        try container.encode(arrived?.packets, forKey: .arrivedPackets)
        try container.encode(arrived?.bytes, forKey: .arrivedBytes)
        try container.encode(accepted?.packets, forKey: .acceptedPackets)
        try container.encode(accepted?.bytes, forKey: .acceptedBytes)
    }

    /// Every bucket of every node of a cluster.
    static func rows(_ snapshot: ClusterSnapshot) -> [StatusRow] {
        snapshot.nodes.flatMap { node in
            node.buckets.map { bucket, counters in
                StatusRow(
                    cluster: snapshot.configuration.name, node: node.name, bucket: bucket,
                    state: node.ownership.state(of: bucket)?.rawValue ?? "none",
                    arrived: counters.arrived, accepted: counters.accepted)
            }
        }
    }
}

extension NodeStatus {
    /// Every bucket of a member with its counters, also where nothing is counted.
    var buckets: [(number: Int, counters: BucketCounters)] {
        guard let sample, sample.configuration.bucketCount > 0 else { return [] }
        return (1...sample.configuration.bucketCount).map { bucket in
            (bucket, sample.counters.indices.contains(bucket - 1) ? sample.counters[bucket - 1] : BucketCounters())
        }
    }
}
