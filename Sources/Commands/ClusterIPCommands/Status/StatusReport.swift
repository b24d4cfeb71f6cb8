import ClusterModel
import Responsibility
import Wording

/// What `clusterip status --format json` prints; the schema number changes when a key changes its meaning.
struct StatusReport: Encodable {
    let schema = 1
    var clusters: [Cluster]

    /// One cluster.
    struct Cluster: Encodable {
        var name: String
        var address: IPAddress
        var mac: MACAddress
        var interface: String
        var hashMode: String
        var totalNodes: Int
        var hashInit: UInt32?
        var coverage: Coverage
        var nodes: [Node]
        var findings: [WordedFinding]
    }

    /// The buckets without exactly one owner.
    struct Coverage: Encodable {
        var orphans: BucketSet
        var conflicts: BucketSet
    }

    /// One node: its buckets, and all its facts under their own paths.
    struct Node: Encodable {
        var status: NodeStatus
        var cluster: ClusterConfiguration
        var peerArrivals: PeerArrivals?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(status.name, forKey: "name")
            try container.encode(status.state, forKey: "state")
            try container.encodeIfPresent(status.silence(cluster.address), forKey: "reason")
            try container.encode(status.ownership.owned, forKey: "owned")
            try container.encode(status.ownership.draining, forKey: "draining")
            try container.encode(status.ownership.adopted, forKey: "adopted")
            try container.encode(buckets, forKey: "buckets")
            if let peerArrivals {
                var place = container.nestedContainer(keyedBy: Key.self, forKey: "arrived_elsewhere")
                try place.encode(peerArrivals.peer, forKey: "node")
                try place.encode(peerArrivals.packets, forKey: "packets")
            }
            for (path, value) in NodeFact.all.flatMap({ $0.read(status, cluster) }).flatMap(\.json) {
                let keys = path.split(separator: ".").map { Key(stringValue: String($0)) }
                var place = container
                for key in keys.dropLast() { place = place.nestedContainer(keyedBy: Key.self, forKey: key) }
                if let key = keys.last { try place.encode(value, forKey: key) }
            }
        }

        private var buckets: [Bucket] {
            status.buckets.map { bucket, counters in
                Bucket(
                    bucket: bucket, state: status.ownership.state(of: bucket)?.rawValue ?? "none",
                    arrived: counters.arrived, accepted: counters.accepted, replied: counters.replied)
            }
        }
    }

    /// A key that is text.
    struct Key: CodingKey, ExpressibleByStringLiteral {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init(stringLiteral text: String) { stringValue = text }
        init?(intValue: Int) { nil }
    }

    /// One bucket on one node; a counter that the node's driver does not have is null.
    struct Bucket: Encodable {
        var bucket: Int
        var state: String
        var arrived: PacketCount?
        var accepted: PacketCount?
        var replied: PacketCount?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(bucket, forKey: "bucket")
            try container.encode(state, forKey: "state")
            try container.encode(arrived, forKey: "arrived")
            try container.encode(accepted, forKey: "accepted")
            try container.encode(replied, forKey: "replied")
        }
    }

    /// The report of one cluster.
    init(_ snapshot: ClusterSnapshot) {
        let configuration = snapshot.configuration
        clusters = [
            Cluster(
                name: configuration.name, address: configuration.address, mac: configuration.mac,
                interface: configuration.interface, hashMode: configuration.scheme.name,
                totalNodes: configuration.bucketCount, hashInit: configuration.scheme.seed,
                coverage: Coverage(orphans: snapshot.coverage.orphans, conflicts: snapshot.coverage.conflicts),
                nodes: snapshot.nodes.map {
                    Node(status: $0, cluster: configuration, peerArrivals: snapshot.peerArrivals(of: $0))
                },
                findings: snapshot.findings.map(WordedFinding.init))
        ]
    }
}
