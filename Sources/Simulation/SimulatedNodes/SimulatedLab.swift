import AgentProtocol
import ClusterModel
import NodeAgent
import NodeDriver
import NodeLinks
import Reactor
import Responsibility

/// A cluster of simulated nodes in this process: real agents, real verdicts, no kernel and no network.
public final class SimulatedLab {
    /// The nodes' names and links, for a fleet.
    public let nodes: [(name: String, link: any AgentLink)]

    private let reactor: Reactor
    private let drivers: [SimulatedDriver]
    private var traffic: SimulatedTraffic
    private var last: UInt64
    private var timer: Reactor.Token?

    /// A cluster with these settings, whose clients send about so many packets a second.
    ///
    /// Its buckets are shared evenly among the nodes. The last nodes, so many as are to have ipt_CLUSTERIP, can do what its
    /// driver can and no more.
    ///
    /// - Throws: `DriverError` when the settings cannot be.
    public init(
        _ configuration: ClusterConfiguration, nodes count: Int, targets: Int = 0, packetsPerSecond: Double = 400,
        reactor: Reactor
    ) throws(DriverError) {
        self.reactor = reactor
        let total = configuration.bucketCount
        var drivers: [SimulatedDriver] = []
        for number in 1...max(count, 1) {
            let hasTarget = number > count - targets
            let driver = SimulatedDriver(
                name: hasTarget ? "ipt_CLUSTERIP" : "simulated", capabilities: hasTarget ? Self.target : .full,
                interfaces: [configuration.interface: MACAddress(number: 0x0200_0a08_0100 + UInt64(number))])
            let (before, last) = ((number - 1) * total / max(count, 1), number * total / max(count, 1))
            let owned = BucketSet((before..<last).map { $0 + 1 })
            if hasTarget {
                try driver.commitForeignInstallation(configuration, owned: owned)
            } else {
                try driver.install(configuration, owned: owned)
            }
            drivers.append(driver)
        }
        self.drivers = drivers
        nodes = drivers.enumerated().map { index, driver in
            let identity = AgentIdentity(
                version: AgentProgram.version, host: "node\(index + 1)", kernel: "simulated",
                drivers: [driver.description],
                readOnly: false)
            return ("node\(index + 1)", InProcessLink(reactor: reactor) { Agent(driver.registry, identity: identity) })
        }
        traffic = SimulatedTraffic(
            to: configuration.address, flows: max(200, 2 * total), packetsPerSecond: packetsPerSecond, seed: 1)
        last = Reactor.now
    }

    /// What the driver of ipt_CLUSTERIP can do.
    private static let target = Capabilities(counters: [], abilities: [.moving, .marks], mostBuckets: 32)

    /// Lets time pass and traffic flow from now on, at this interval in seconds.
    public func start(interval: Double = 1) {
        pass()
        timer = reactor.after(interval, repeating: true) { [self] in pass() }
    }

    /// Ends the traffic.
    public func stop() { if let timer { reactor.cancel(timer) } }

    /// Every packet reaches every node, and each decides for itself.
    private func pass() {
        let now = Reactor.now
        for driver in drivers { driver.monotonicNanoseconds = now }
        traffic.send(seconds: Double(now - last) / 1e9) { flow, packets, bytes in
            for driver in drivers { _ = driver.receive(flow, packets: packets, bytes: bytes) }
        }
        last = now
    }
}
