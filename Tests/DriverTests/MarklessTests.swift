import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// Tables that leave the marks of connections to another program decide and count as those that use them.
@Suite struct MarklessTests {
    private static let owned = BucketSet([1, 4, 5, 6, 9, 12])

    private static func run(_ mode: HashMode, owned: BucketSet, _ body: (Rig, ClusterConfiguration) throws -> Void)
        throws
    {
        try Rig.run(.nftables) { rig in
            let probe = try LinuxProbe()
            let node = DriverRegistry(probe: probe, drivers: [NftablesDriver(probe, marksConnections: false)])
            let rig = Rig(kind: rig.kind, node: node, namespaces: rig.namespaces)
            let configuration = ClusterConfiguration.example(mode: mode)
            try rig.driver.install(configuration, owned: owned)
            try rig.resolve()
            // What a VPN does: each connection has a mark, and what comes back is routed by it.
            try shell(
                """
                nft add table ip vpn
                nft add chain ip vpn in '{ type filter hook prerouting priority -180; }'
                nft add rule ip vpn in ct mark 0 ct mark set 0x77
                nft add chain ip vpn out '{ type filter hook output priority 0; }'
                nft add rule ip vpn out ip saddr 10.8.0.1 ct mark 0x77 counter
                """)
            try body(rig, configuration)
            #expect(try rig.driver.sample().clusters.first?.alterations == [])
        }
    }

    private static func expected(_ flows: [Flow], _ configuration: ClusterConfiguration) -> [String] {
        Traffic.expected(flows, configuration, accepting: owned).packets
    }

    @Test(arguments: HashMode.allCases)
    func packetsAreDecidedAndCountedByTheirBuckets(_ mode: HashMode) throws {
        try Self.run(mode, owned: Self.owned) { rig, configuration in
            let flows = [.udp, .icmp, .esp, .ah, .gre].flatMap { Traffic.flows($0, 40) }
            for round in 1...2 {
                try rig.send(flows)
                let all = Array(repeating: flows, count: round).flatMap { $0 }
                #expect(try rig.counters(arrived: all.count).packets == Self.expected(all, configuration))
            }
            try rig.driver.rebuild(configuration)
            let listing = try shell("nft list table ip clusterip_10_8_0_1")
            #expect(!listing.contains("ct mark"))
        }
    }

    @Test(arguments: HashMode.allCases)
    func repliesAreCountedAndTheOtherProgramsMarksStay(_ mode: HashMode) throws {
        try Self.run(mode, owned: Self.owned) { rig, configuration in
            let service = try TestSocket(SOCK_DGRAM, .udp, source: Traffic.cluster, port: Traffic.port)
            let flows = Traffic.flows(.udp, 40)
            try rig.send(flows)
            let counters = try rig.counters(arrived: flows.count)
            ReplyTests.answer(service)
            let replied = try rig.driver.sample().clusters.first?.counters.map { $0.replied?.packets }
            #expect(replied == counters.map { $0.accepted?.packets })
            let sum = counters.reduce(0) { $0 + ($1.accepted?.packets ?? 0) }
            #expect(try shell("nft list chain ip vpn out").contains("counter packets \(sum) bytes"))
        }
    }

    /// The answers to it are counted in the bucket of its client, but for resets.
    @Test(arguments: HashMode.allCases)
    func aConnectionOutlivesItsBucketsMove(_ mode: HashMode) throws {
        try Self.run(mode, owned: BucketSet(1...16)) { rig, configuration in
            let server = try TestSocket(SOCK_STREAM, .tcp, source: Traffic.cluster, port: Traffic.port)
            try server.listen()
            let flow = Traffic.flows(.tcp, 1)[0]
            let bucket = configuration.bucket(of: flow)
            let client = try #require(try rig.namespaces?.onClient { try Traffic.send(flow) })
            #expect(client.isReady(POLLOUT) && server.isReady(POLLIN))
            let accepted = accept(server.descriptor, nil, nil)
            defer { close(accepted) }
            try rig.change(bucket, from: .owned, to: nil)
            for _ in 1...2 {
                #expect(write(client.descriptor, "still here", 10) == 10)
                var answer = [UInt8](repeating: 0, count: 16)
                var entry = pollfd(fd: accepted, events: Int16(POLLIN), revents: 0)
                #expect(poll(&entry, 1, 1000) == 1 && read(accepted, &answer, 16) == 10)
                #expect(write(accepted, "heard", 5) == 5)
            }
            let counters = try #require(try rig.driver.sample().clusters.first?.counters)
            #expect(counters.indices.filter { (counters[$0].replied?.packets ?? 0) > 0 } == [bucket - 1])
            #expect((counters[bucket - 1].accepted?.packets ?? 0) >= 4)
        }
    }
}
