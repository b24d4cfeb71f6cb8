import ClusterModel
import LegacyNode
import NodeDriver
import Responsibility

/// One cluster address of a simulated node: what the node has beside the buckets that its kernel accepts.
final class SimulatedCluster {
    /// The settings, as a table could enforce them.
    let settings: ClusterIPSettings
    var configuration: ClusterConfiguration { settings.configuration }
    var address: IPv4Address { settings.address }
    /// The states of all buckets: what the kernel accepts, and what is noted beside it.
    private(set) var ownership: Ownership
    var operations: [Int: String]
    /// Who carried out which operation, by id.
    var notes: [String: OperationNote] = [:]
    /// The names of the members; nil when nobody wrote them.
    var members: Set<String>?
    /// Packets in frames to the node's own MAC, by neighbour.
    var misled: [MACAddress: UInt64] = [:]
    /// The buckets of the connections that the node keeps.
    var connections: [Flow: Int] = [:]
    private let kernel: SimulatedKernel
    private let table: ClusterTable
    private(set) var counters: [BucketCounters]

    /// Whether it takes segments of connections that it does not know for new ones, and keeps none of what it gave up.
    private let takesStrangers: Bool

    init(
        _ settings: ClusterIPSettings, installation: String, kernel: SimulatedKernel, takesStrangers: Bool = false
    ) {
        self.settings = settings
        self.takesStrangers = takesStrangers
        self.kernel = kernel
        let configuration = settings.configuration
        operations = Dictionary(uniqueKeysWithValues: (1...configuration.bucketCount).map { ($0, installation) })
        ownership = Ownership(owned: kernel.accepting(settings.address))
        table = ClusterTable(placement: settings.placement)
        counters = Array(repeating: BucketCounters(zero: [.arrived, .accepted]), count: configuration.bucketCount)
    }

    /// Puts a bucket into a state, with the id of the operation that did it.
    func set(_ bucket: Int, to state: BucketState?, by operation: String?) throws(DriverError) {
        let accepts = state == .owned || state == .adopted
        try kernel.set(bucket, accepts: accepts, address: address)
        note(bucket, state, by: operation)
    }

    /// The states, marks and counters as they are held.
    var held: HeldBuckets {
        HeldBuckets(ownership: ownership, marks: operations, counters: counters)
    }

    /// Keeps what the node had before its rule was made anew; each connection is in the bucket that places it now.
    func inherit(_ contents: HeldBuckets, from before: SimulatedCluster) {
        (ownership, operations) = (contents.ownership, contents.marks)
        (notes, members) = (before.notes, before.members)
        if contents.counters.count == counters.count { counters = contents.counters }
        for (flow, bucket) in before.connections {
            connections[flow] = (try? configuration.scheme.bucket(of: flow)) ?? bucket
        }
    }

    /// Takes over what another program changed in the kernel, where nobody's id stands beside it.
    func takeOver(from before: BucketSet) {
        let now = kernel.accepting(address)
        for bucket in now.subtracting(before) { note(bucket, .owned, by: nil) }
        for bucket in before.subtracting(now) { note(bucket, nil, by: nil) }
    }

    private func note(_ bucket: Int, _ state: BucketState?, by operation: String?) {
        ownership.set(bucket, to: state)
        operations[bucket] = operation
    }

    func sample(driver: DriverDescription, interfaceMAC: MACAddress?) -> ClusterSample {
        let counted = driver.capabilities.counters
        return ClusterSample(
            configuration: configuration, driver: driver.name, capabilities: driver.capabilities,
            ownership: ownership, counters: counted.isEmpty ? [] : counters.map { $0.only(counted) },
            health: health(interfaceMAC: interfaceMAC), connections: connections.count, notes: kept,
            signs: misled.isEmpty ? nil : ServiceSigns(misled: misled))
    }

    private var kept: ClusterNotes {
        ClusterNotes(
            members: members?.sorted(), operations: OperationRecord.records(of: operations, notes: notes))
    }

    func health(interfaceMAC: MACAddress?) -> MulticastHealth {
        let present = interfaceMAC != nil
        return MulticastHealth(
            interfacePresent: present, interfaceUp: present,
            macJoined: kernel.node.addresses[address]?.isBound ?? false, addressPresent: present,
            interfaceMAC: interfaceMAC)
    }

    func receive(_ flow: Flow, packets: UInt64, bytes: UInt64) -> UInt64 {
        guard packets > 0 else { return 0 }
        let isTCP = flow.transport == .tcp
        guard isTCP, connections[flow] == nil else {
            let packet = Packet(flow: flow, connection: isTCP ? .established : .new, tcpFlags: isTCP ? .ack : [])
            return receive(packet, packets: packets, bytes: bytes).accepts ? packets : 0
        }
        let first = bytes / packets
        let opened = receive(Packet(flow: flow), packets: 1, bytes: first).accepts
        guard packets > 1 else { return opened ? 1 : 0 }
        let rest = Packet(flow: flow, connection: opened ? .established : .new, tcpFlags: .ack)
        let accepted = receive(rest, packets: packets - 1, bytes: bytes - first).accepts
        return (opened ? 1 : 0) + (accepted ? packets - 1 : 0)
    }

    /// A packet of a flow as this node's connection tracking sees it.
    func packet(_ flow: Flow, _ flags: TCPFlags) -> Packet {
        let isKnown = flow.transport == .tcp && !connections.isEmpty && connections[flow] != nil
        return Packet(flow: flow, connection: isKnown ? .established : .new, tcpFlags: flags)
    }

    func decide(_ packet: Packet) -> Verdict {
        table.decide(packet) { bucket in
            let state = ownership.state(of: bucket)
            return Holding(takesStrangers && state == .owned ? .adopted : state)
        }
    }

    func resetCounters() {
        counters = Array(repeating: BucketCounters(zero: [.arrived, .accepted]), count: configuration.bucketCount)
    }

    @discardableResult
    func receive(_ packet: Packet, packets: UInt64, bytes: UInt64) -> Verdict {
        let verdict = decide(packet)
        guard let bucket = verdict.bucket, counters.indices.contains(bucket - 1) else { return verdict }
        let count = PacketCount(packets: packets, bytes: bytes)
        counters[bucket - 1].add(count, accepted: verdict.accepts)
        if verdict.accepts, verdict.mark != nil { connections[packet.flow] = bucket }
        return verdict
    }
}

extension BucketCounters {
    /// The counters that a driver has.
    fileprivate func only(_ counted: Set<Counter>) -> Self {
        counted.reduce(into: Self()) { $0[$1] = self[$1] }
    }

    fileprivate mutating func add(_ count: PacketCount, accepted isAccepted: Bool) {
        arrived = (arrived ?? PacketCount()) + count
        if isAccepted { accepted = (accepted ?? PacketCount()) + count }
    }
}

extension Holding {
    /// What a node in a state has to do with the bucket.
    init(_ state: BucketState?) {
        switch state {
        case .owned: self = .owned
        case .draining: self = .draining
        case .adopted: self = .adopted
        case nil: self = .none
        }
    }
}
