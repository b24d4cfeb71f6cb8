import ClusterModel
import Planning
import Responsibility

/// A cluster of node1, node2, … that own these buckets.
func cluster(
    _ owned: [BucketSet], draining: [BucketSet] = [], states: [NodeState] = [], heard: [Bool] = [],
    bare: [Bool] = [], rates: [[Double]] = [], total: Int = 8
) -> ClusterSnapshot {
    let configuration = ClusterConfiguration(
        name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: UInt32(total), seed: 42)))
    let nodes = owned.indices.map { index in
        let sample = ClusterSample(
            configuration: configuration, driver: "simulated",
            ownership: Ownership(owned: owned[index], draining: index < draining.count ? draining[index] : []),
            counters: [], health: MulticastHealth())
        return NodeStatus(
            name: "node\(index + 1)", state: index < states.count ? states[index] : .live,
            sample: index < heard.count && !heard[index] ? nil : sample,
            isBare: index < bare.count && bare[index],
            rates: index < rates.count
                ? rates[index].map { BucketRates(accepted: Rate(packetsPerSecond: $0)) } : [])
    }
    return ClusterSnapshot(configuration: configuration, nodes: nodes)
}

/// The plan of a request for a cluster.
func planned(_ request: PlanRequest, _ cluster: ClusterSnapshot) throws(PlanError) -> Plan {
    try Planner(snapshot: cluster, operation: "op-1").plan(request)
}

extension Plan {
    /// The step of a name.
    func step(_ id: StepID) -> PlanStep? { steps.first { $0.id == id } }

    /// What the plan's claims change.
    var claimed: [StepRequest.Change] { steps.filter { $0.role == .claim }.flatMap(\.changes) }

    /// Where each bucket goes, as text: "3:node1>node2".
    var ways: [String] { moves.map { "\($0.bucket):\($0.from ?? "-")>\($0.to)" } }

    /// The nodes that get buckets, each once, in alphabetical order.
    var targets: [String] { Set(moves.map(\.to)).sorted() }

    /// The buckets that each node begins to adopt.
    var adopted: [String: BucketSet] { (finalization ?? [:]).mapValues(\.owned) }
}
