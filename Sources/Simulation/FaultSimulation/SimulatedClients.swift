import ClusterModel
import NodeDriver
import Responsibility
import SimulatedNodes

/// The clients of a run: TCP connections and datagrams to the cluster address, and how many nodes answer each packet.
///
/// Every packet reaches every node that is up, and the verdict is that of the engine, with the node's own ownership
/// and its own connection tracking.
final class SimulatedClients {
    private static let connectionLimit = 4

    private unowned let world: SimulatedWorld
    private var connections: [Flow] = []
    private var sources: UInt32 = 0

    init(world: SimulatedWorld) { self.world = world }

    /// For each bucket a SYN and a datagram of a client that was never seen.
    private static let samples: [(bucket: Int, flow: Flow)] = [TransportProtocol.tcp, .udp].flatMap { transport in
        let flows = (0..<200 as Range<UInt32>).map { flow(transport, 0x0a09_ff00 + $0) }
        return (1...SimulatedWorld.configuration.bucketCount).compactMap { number in
            flows.first { bucket(of: $0) == number }.map { (number, $0) }
        }
    }

    private static func flow(_ transport: TransportProtocol, _ source: UInt32) -> Flow {
        Flow(
            transport: transport, source: .v4(IPv4Address(number: source)), sourcePort: 4711,
            destination: SimulatedWorld.configuration.address, destinationPort: 80)
    }

    private static func bucket(of flow: Flow) -> Int {
        (try? SimulatedWorld.configuration.scheme.bucket(of: flow)) ?? 0
    }

    /// Twice a second packets are sent, and counters are looked at.
    func begin() {
        _ = world.clock.after(0.5, repeating: true) { [weak self] in
            guard let self else { return }
            send()
            world.neighbours.pass()
            world.checker.checkCounters()
        }
    }

    /// At any moment at most one node would answer a client's next packet.
    func check() {
        let drivers = drivers
        for sample in Self.samples { judge(sample.flow, .syn, bucket: sample.bucket, drivers) }
        for flow in connections { judge(flow, .ack, bucket: Self.bucket(of: flow), drivers) }
    }

    /// The nodes that are up.
    private var drivers: [SimulatedDriver] { world.nodes.compactMap { $0.isUp ? $0.driver : nil } }

    private func judge(_ flow: Flow, _ flags: TCPFlags, bucket: Int, _ drivers: [SimulatedDriver]) {
        let answers = drivers.count { $0.verdict(on: flow, flags: flags)?.accepts == true }
        if answers > 1, answers > 1 + world.checker.extraOwners[bucket] { fail(flow, flags, bucket) }
    }

    private func fail(_ flow: Flow, _ flags: TCPFlags, _ bucket: Int) {
        let who = world.nodes.filter(\.isUp).compactMap { node in
            node.driver.verdict(on: flow, flags: flags).flatMap { $0.accepts ? "\(node.name) (\($0.reason))" : nil }
        }
        let what = flow.transport == .udp ? "a datagram" : flags == .syn ? "a SYN" : "a packet of a connection"
        world.checker.fail(.answers, "\(what) of bucket \(bucket) is answered by \(who.joined(separator: " and "))")
    }

    private func send() {
        sources += 1
        let fresh = Self.flow(
            world.random.below(4) == 0 ? .udp : .tcp, 0x0a09_0000 + sources)
        let drivers = drivers
        let reasons = arrive(fresh, .syn, drivers)
        if fresh.transport == .tcp, !reasons.isEmpty { connections.append(fresh) }
        for flow in connections {
            // What a node answers without knowing the connection is a reset.
            if arrive(flow, .ack, drivers).contains(.adopted) || world.random.below(4) == 0 { close(flow) }
        }
        if connections.count > Self.connectionLimit { close(connections[0]) }
    }

    private func arrive(_ flow: Flow, _ flags: TCPFlags, _ drivers: [SimulatedDriver]) -> [VerdictReason] {
        let reasons = drivers.compactMap { driver in
            driver.arrive(flow, flags: flags).flatMap { $0.accepts ? $0.reason : nil }
        }
        if reasons.count > 1, case let bucket = Self.bucket(of: flow),
            reasons.count > 1 + world.checker.extraOwners[bucket]
        {
            fail(flow, flags, bucket)
        }
        world.report.packets += 1
        if reasons.isEmpty { world.report.unanswered += 1 }
        return reasons
    }

    /// All clients of a bucket end their connections.
    func leave(_ bucket: Int) {
        for flow in connections where Self.bucket(of: flow) == bucket { close(flow) }
    }

    /// A node lets go of a bucket: connections that it still keeps are to be reset, and may get that answer from the new owner
    /// before the old one forgets them.
    func giveUp(_ bucket: Int, at node: SimulatedNode) {
        connections.removeAll {
            Self.bucket(of: $0) == bucket
                && node.driver.verdict(on: $0, flags: .ack)?.reason == .established
        }
    }

    private func close(_ flow: Flow) {
        for node in world.nodes { node.driver.close(flow) }
        connections.removeAll { $0 == flow }
    }
}
