import ClusterModel
import Responsibility

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
        var findings: [Finding]
    }

    /// The buckets without exactly one owner.
    struct Coverage: Encodable {
        var orphans: BucketSet
        var conflicts: BucketSet
    }

    /// One node.
    struct Node: Encodable {
        var name: String
        var state: NodeState
        var reason: String?
        var driver: String?
        var owned: BucketSet
        var draining: BucketSet
        var adopted: BucketSet
        var generation: UInt32?
        var arp: ARP?
        var mac: MAC?
        var buckets: [Bucket]
    }

    /// What the node does with ARP.
    struct ARP: Encodable {
        var rewritten: Bool
    }

    /// What the node's interface listens to.
    struct MAC: Encodable {
        var address: MACAddress
        var joined: Bool
        var interfacePresent: Bool
        var interfaceUp: Bool
        var interfaceMAC: MACAddress?
        var clusterAddressPresent: Bool
    }

    /// One bucket on one node.
    struct Bucket: Encodable {
        var bucket: Int
        var state: String
        var arrived: PacketCount
        var accepted: PacketCount
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
                nodes: snapshot.nodes.map(Self.node), findings: snapshot.findings)
        ]
    }

    private static func node(_ node: NodeStatus) -> Node {
        let sample = node.sample
        return Node(
            name: node.name, state: node.state, reason: node.reason, driver: sample?.driver,
            owned: node.ownership.owned, draining: node.ownership.draining, adopted: node.ownership.adopted,
            generation: node.generation, arp: sample.map { ARP(rewritten: $0.health.arpRewritten) },
            mac: sample.map { sample in
                MAC(
                    address: sample.configuration.mac, joined: sample.health.macJoined,
                    interfacePresent: sample.health.interfacePresent, interfaceUp: sample.health.interfaceUp,
                    interfaceMAC: sample.health.interfaceMAC, clusterAddressPresent: sample.health.addressPresent)
            },
            buckets: (sample?.counters ?? []).enumerated().map { index, counters in
                Bucket(
                    bucket: index + 1, state: node.ownership.state(of: index + 1)?.rawValue ?? "none",
                    arrived: counters.arrived, accepted: counters.accepted)
            })
    }
}
