import ClusterModel
import Glibc
import LinuxNode
import Nftables
import NodeDriver
import Responsibility
import SimulatedNodes
import Testing

/// A driver, with a way for packets to reach it: every kind that one suite holds to the same behaviour.
struct Rig {
    /// The drivers that can do everything.
    enum Kind: String, CaseIterable {
        case nftables
        case simulated
    }

    let kind: Kind
    let node: DriverRegistry
    let namespaces: Namespaces?
    /// What another program does to make the node a member.
    var otherProgram: (ClusterConfiguration, BucketSet) throws -> Void = { _, _ in
        throw Failure("no other program makes members of this kind of node")
    }

    var driver: any Driver { node.drivers[0] }

    /// Runs a body with a fresh node without any cluster address.
    static func run(_ kind: Kind, _ body: (Rig) throws -> Void) throws {
        switch kind {
        case .simulated: try run(SimulatedDriver(), body)
        case .nftables:
            try Namespaces.run { namespaces in
                let probe = try LinuxProbe()
                let node = DriverRegistry(probe: probe, drivers: [NftablesDriver(probe)])
                try body(Rig(kind: kind, node: node, namespaces: namespaces))
            }
        }
    }

    /// Runs a body with a simulated node.
    static func run(_ driver: SimulatedDriver, _ body: (Rig) throws -> Void) throws {
        try run(driver, on: driver, otherProgram: driver.commitForeignInstallation, body)
    }

    /// Runs a body with any driver on a node without a kernel, which another program makes a member as the closure does.
    static func run(
        _ driver: any Driver, on probe: any NodeProbe,
        otherProgram: @escaping (ClusterConfiguration, BucketSet) throws -> Void, _ body: (Rig) throws -> Void
    ) throws {
        let node = DriverRegistry(probe: probe, drivers: [driver])
        try body(Rig(kind: .simulated, node: node, namespaces: nil, otherProgram: otherProgram))
    }

    /// Makes the node a member, by the driver or, where it makes none, by another program.
    func makeMember(_ configuration: ClusterConfiguration, owned: BucketSet) throws {
        if driver.capabilities.obstacle(to: configuration) == nil {
            try driver.install(configuration, owned: owned)
        } else {
            try otherProgram(configuration, owned)
        }
    }

    /// Lets one packet of each flow arrive; UDP and ICMP only.
    func send(_ flows: [Flow]) throws {
        guard let namespaces else {
            for flow in flows { (driver as? SimulatedDriver)?.receive(flow) }
            return
        }
        try namespaces.onClient {
            for flow in flows { try Traffic.send(flow) }
        }
    }

    /// Makes the client know the cluster MAC, so that no packet waits for it.
    func resolve() throws {
        try namespaces?.onClient { try shell("ip neighbour replace 10.8.0.1 lladdr 01:00:5e:00:00:20 dev peer0") }
    }

    /// The counters, once so many packets have arrived in all.
    func counters(arrived: Int) throws -> [BucketCounters] {
        var counters: [BucketCounters] = []
        for _ in 0..<200 {
            counters = try driver.sample().clusters.first?.counters ?? []
            if counters.reduce(0, { $0 + ($1.arrived?.packets ?? 0) }) >= UInt64(arrived) { break }
            usleep(10_000)
        }
        return counters
    }

    /// Applies one change of one bucket.
    @discardableResult
    func change(
        _ bucket: Int, from: BucketState?, to: BucketState?, operation: String = "op-1"
    ) throws -> StepOutcome {
        try driver.apply(
            StepRequest(
                operation: operation, address: Traffic.cluster, changes: [.init(bucket: bucket, from: from, to: to)]))
    }

    /// What a failed call must leave as it was: the whole ruleset and the interface of a real node.
    func fingerprint() throws -> String {
        guard kind == .nftables else { return "\(try driver.sample().clusters)" }
        return try shell(
            "nft list ruleset; ip address show dev eth0 | grep inet; ip maddress show dev eth0 | grep link")
    }
}
