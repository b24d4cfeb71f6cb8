import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// What a table counts beside its buckets' packets: what is refused, of no connection, misled, and without counted reply.
@Suite struct ServiceSignTests {
    private static let configuration = ClusterConfiguration.example()
    private static let all = BucketSet(1...16)

    /// Runs a body with a member that owns buckets, with marks and without.
    private static func run(
        owned: BucketSet = all, _ body: (Rig, () throws -> ServiceSigns) throws -> Void
    ) throws {
        for layout in [TableLayout.second, .markless] {
            try Rig.run(.nftables) { rig in
                (rig.driver as? NftablesDriver)?.newLayout = layout
                try rig.driver.install(configuration, owned: owned)
                try rig.resolve()
                try body(rig) { try #require(try rig.driver.sample().clusters.first?.signs) }
            }
        }
    }

    @Test(arguments: [TransportProtocol.udp, .tcp])
    func refusalsAreCounted(_ transport: TransportProtocol) throws {
        try Self.run { rig, signs in
            #expect(try signs() == ServiceSigns(bare: 0))
            let flows = Traffic.flows(transport, 5)
            let sockets = try rig.namespaces?.onClient { try flows.map { try Traffic.send($0) } } ?? []
            _ = try rig.counters(arrived: flows.count)
            if transport == .tcp { for socket in sockets { #expect(socket.isReady(POLLERR)) } }
            #expect(try signs() == ServiceSigns(refusals: 5, bare: 0))
        }
    }

    @Test func pingsAreLetInAndTheirRepliesNotCounted() throws {
        try Self.run { rig, signs in
            try rig.send(Traffic.flows(.icmp, 7) + Traffic.flows(.udp, 3))
            _ = try rig.counters(arrived: 10)
            let found = try signs()
            #expect(found.uncounted == 7)
            #expect(try rig.counters(arrived: 10).packets(.accepted) == 10)
        }
    }

    /// Segments that neither open nor reset: of owned buckets alone.
    @Test func segmentsOfNoConnectionAreCountedByTheirOwner() throws {
        let owned = BucketSet([1, 4, 5, 6])
        try Self.run(owned: owned) { rig, signs in
            let flows = Traffic.flows(.tcp, 40)
            try rig.namespaces?.onClient {
                for flow in flows {
                    try Traffic.sendSegment(flow, [.ack])
                    try Traffic.sendSegment(flow, [.rst])
                    try Traffic.sendSegment(flow, [.syn, .ack])
                }
            }
            _ = try rig.counters(arrived: 3 * flows.count)
            var expected: [Int: UInt64] = [:]
            for flow in flows where owned.contains(Self.configuration.bucket(of: flow)) {
                expected[Self.configuration.bucket(of: flow), default: 0] += 1
            }
            #expect(!expected.isEmpty)
            #expect(try signs().strays == expected)
            #expect(try rig.counters(arrived: 3 * flows.count).packets(.arrived) == UInt64(3 * flows.count))
        }
    }

    /// A neighbour with the node's own MAC in its table is named; an announcement teaches it the cluster's.
    @Test func aMisledNeighbourIsNamedAndCorrected() throws {
        try Self.run { rig, signs in
            let own = try #require(try rig.driver.sample().clusters.first?.health.interfaceMAC)
            try rig.namespaces?.onClient {
                try shell("ip neighbour replace 10.8.0.1 lladdr \(own) nud permanent dev peer0")
            }
            try rig.send(Traffic.flows(.udp, 6))
            _ = try rig.counters(arrived: 6)
            let misled = try signs().misled
            #expect(misled.values.map { $0 } == [6])
            let link = try rig.namespaces?.onClient { try shell("ip link show dev peer0") }
            let mac = try #require(misled.keys.first)
            #expect(link?.contains("link/ether \(mac) ") == true)

            try rig.namespaces?.onClient { try shell("ip neighbour change 10.8.0.1 nud reachable dev peer0") }
            try rig.node.announce(Traffic.cluster)
            let entry = try rig.namespaces?.onClient { () throws -> String in
                for _ in 0..<100 {
                    let entry = try shell("ip neighbour show 10.8.0.1 dev peer0")
                    if entry.contains("01:00:5e:00:00:20") { return entry }
                    usleep(10_000)
                }
                return try shell("ip neighbour show 10.8.0.1 dev peer0")
            }
            #expect(entry?.contains("01:00:5e:00:00:20") == true, "\(entry ?? "")")
            try rig.send(Traffic.flows(.udp, 6))
            _ = try rig.counters(arrived: 12)
            #expect(try signs().misled.values.reduce(0, +) == 6)
        }
    }

    /// More neighbours than are remembered: each packet is decided as before.
    @Test func aFullListOfNeighboursLetsNothingThrough() throws {
        try Self.run(owned: []) { rig, signs in
            let own = try #require(try rig.driver.sample().clusters.first?.health.interfaceMAC)
            try rig.namespaces?.onClient {
                try shell("ip neighbour replace 10.8.0.1 lladdr \(own) nud permanent dev peer0")
                for number in 1...BucketTable.misledLimit + 8 {
                    try shell("ip link set peer0 address 02:00:00:00:01:\(String(number, radix: 16))")
                    try shell("ip neighbour replace 10.8.0.1 lladdr \(own) nud permanent dev peer0")
                    try Traffic.send(Traffic.flows(.udp, 1, from: number)[0])
                }
            }
            let counters = try rig.counters(arrived: BucketTable.misledLimit + 8)
            #expect(counters.packets(.arrived) == UInt64(BucketTable.misledLimit + 8))
            #expect(counters.packets(.accepted) == 0)
            #expect(try signs().misled.count == BucketTable.misledLimit)
        }
    }

    @Test func aNodeWhoseARPIsWrongAnnouncesNothing() throws {
        try Self.run { rig, _ in
            try shell("nft delete table arp clusterip_10_8_0_1")
            // The guard has ARP right, too.
            try rig.node.announce(Traffic.cluster)
            try shell("nft delete table arp clusterip_guard_10_8_0_1")
            #expect(throws: DriverError.self) { try rig.node.announce(Traffic.cluster) }
        }
    }
}
