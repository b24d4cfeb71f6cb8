import AgentProtocol
import ClusterModel
import Execution
import FaultSimulation
import HostileNodes
import NodeAgent
import NodeDriver
import NodeLinks
import Planning
import Reactor
import Responsibility
import SimulatedNodes

/// Simulated nodes for tests.
enum Nodes {
    static let address = IPAddress(10, 8, 0, 1)
    static let configuration = ClusterConfiguration(
        name: "web", address: address, prefixLength: 16, interface: "eth0", mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 12, seed: 42)))

    static func driver(owning buckets: BucketSet) -> SimulatedDriver {
        let driver = SimulatedDriver()
        do { try driver.install(configuration, owned: buckets) } catch { preconditionFailure("\(error)") }
        return driver
    }

    static func agent(_ driver: SimulatedDriver, isReadOnly: Bool = false, host: String = "node1") -> Agent {
        Agent(
            driver.registry,
            identity: AgentIdentity(
                version: "1", host: host, machine: "machine-of-\(host)", kernel: "6.1", drivers: [driver.description],
                readOnly: isReadOnly))
    }
}

/// A cluster on virtual time: node1 and node2 are honest and own 1–4 and 5–8, node3 owns 9–12 and lies.
final class HalfHostileCluster {
    let clock = VirtualClock()
    let drivers: [SimulatedDriver]
    let fleet: Fleet
    private var seen: [UInt32] = []
    private var traffic = SimulatedTraffic(to: Nodes.address, flows: 400, packetsPerSecond: 4000, seed: 1)
    /// The buckets that plans gave to the third node.
    private(set) var given = BucketSet()
    /// What honest nodes did that must not be, in words.
    private(set) var violations: [String] = []

    /// The cluster with a lie of its third node, or with somebody on the way to it.
    init(_ lie: Lie?, tamperingSeed: UInt64? = nil) {
        drivers = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]].map { Nodes.driver(owning: BucketSet($0)) }
        let names = ["node1", "node2", "node3"]
        let (clock, drivers) = (clock, drivers)
        let links = names.indices.map { index -> any AgentLink in
            let link = InProcessLink(reactor: clock) {
                let agent = Nodes.agent(drivers[index], host: names[index])
                guard index == 2, let lie else { return agent }
                return LyingAgent(agent, lie, other: "node1")
            }
            return index == 2 ? tamperingSeed.map { TamperingLink(link, seed: $0) } ?? link : link
        }
        fleet = Fleet(
            name: "web", observation: ClusterObservation(name: "web", address: Nodes.address, nodes: names),
            nodes: Array(zip(names, links)), reactor: clock)
        _ = clock.after(0.25, repeating: true) { [weak self] in self?.pass() }
        fleet.start()
    }

    /// Lets time pass, in seconds.
    func run(_ seconds: Double) {
        let end = clock.time + UInt64(seconds * 1e9)
        while clock.step(until: end) { watch() }
    }

    /// Carries out what an operator asks for; nil when no plan can be made of it.
    func carryOut(_ request: PlanRequest, _ operation: String) -> PlanOutcome? {
        guard let snapshot = fleet.snapshot,
            let plan = try? Planner(snapshot: snapshot, operation: operation).plan(request)
        else { return nil }
        for move in plan.moves where move.to == "node3" { given.insert(move.bucket) }
        let runner = PlanRunner(plan: plan, calls: fleet)
        var outcome: PlanOutcome?
        runner.onEnd = { outcome = $0 }
        try? runner.start()
        let end = clock.time + 60_000_000_000
        while outcome == nil, clock.step(until: end) { watch() }
        if outcome == nil { violations.append("\(request) had no end in a minute") }
        return outcome
    }

    /// What an honest node owns.
    func accepted(by index: Int) -> BucketSet {
        (try? drivers[index].sample())?.clusters.first?.ownership.accepting ?? []
    }

    private func pass() {
        for driver in drivers { driver.monotonicNanoseconds = clock.time }
        traffic.send(seconds: 0.25) { flow, packets, bytes in
            for driver in drivers { _ = driver.receive(flow, packets: packets, bytes: bytes) }
        }
    }

    /// Looks at what honest nodes own after every change.
    private func watch() {
        let generations = drivers.prefix(2).map(\.generation)
        guard generations != seen else { return }
        seen = generations
        let both = accepted(by: 0).intersection(accepted(by: 1))
        if !both.isEmpty, violations.count < 3 { violations.append("node1 and node2 both own \(both)") }
    }
}
