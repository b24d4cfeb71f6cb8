// Measures the planner on a cluster of 64 nodes and 65,536 buckets:
//   swift build -c release --product planner-benchmark && .build/release/planner-benchmark
import ClusterModel
import Planning
import Responsibility

let (nodeCount, total) = (64, 65_536)

/// The cluster, with buckets dealt out in turn (`spread`) or all on the first node.
func cluster(spread: Bool, dead: Int? = nil) -> ClusterSnapshot {
    let configuration = ClusterConfiguration(
        name: "large", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: UInt32(total), seed: 42)))
    let nodes = (0..<nodeCount).map { index in
        let owned = BucketSet((1...total).filter { spread ? $0 % nodeCount == index : index == 0 })
        let rates = (1...total).map { BucketRates(accepted: Rate(packetsPerSecond: Double($0 &* 7919 % 1009))) }
        return NodeStatus(
            name: "node\(index + 1)", state: index == dead ? .unreachable : .live,
            sample: ClusterSample(
                configuration: configuration, driver: "none", ownership: Ownership(owned: owned), counters: [],
                health: MulticastHealth()),
            rates: rates)
    }
    return ClusterSnapshot(configuration: configuration, nodes: nodes)
}

/// Prints the median and the longest of 11 times to work a plan out, with its steps and a check that it is current.
func measure(_ name: String, _ snapshot: ClusterSnapshot, _ request: PlanRequest) throws {
    var (moves, steps) = (0, 0)
    let times = try (0..<11).map { _ in
        let time = try ContinuousClock().measure {
            let planner = Planner(snapshot: snapshot, operation: "op-1")
            let plan = try planner.plan(request)
            try planner.requireCurrent(plan)
            (moves, steps) = (plan.moves.count, plan.steps.count)
        }
        return Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1e3
    }.sorted()
    print("\(name): \(moves) moves, \(steps) steps, median \(times[5]) ms, longest \(times[10]) ms")
}

let spread = cluster(spread: true)
try measure("move 1,024 buckets", spread, .move(BucketSet(1...1024), to: "node5", mode: .graceful))
try measure("move all to one node", spread, .move(BucketSet(1...total), to: "node5", mode: .graceful))
try measure("drain a node", spread, .drain("node3", mode: .graceful))
try measure("take over from a dead node", cluster(spread: true, dead: 2), .takeOver("node3", to: nil))
try measure("rebalance by weight", spread, .rebalance(.weight(["node1": 8]), mode: .graceful))
try measure("rebalance by rate", spread, .rebalance(.rate, mode: .graceful))
let lone = cluster(spread: false)
try measure("drain the only owner", lone, .drain("node1", mode: .graceful))
try measure("rebalance all from one node", lone, .rebalance(.count, mode: .graceful))
try measure("the same by rate", lone, .rebalance(.rate, mode: .graceful))
