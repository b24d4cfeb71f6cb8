import ClusterModel
import Glibc
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// What the host sends back is counted by bucket, and what no service has sent is not.
@Suite struct ReplyTests {
    private static let configuration = ClusterConfiguration.example()
    private static let flows = Traffic.flows(.udp, 40)

    /// Packets replied, by bucket.
    private static func expected(_ flows: [Flow], owned: BucketSet) -> [UInt64] {
        Traffic.expected(flows, configuration, accepting: owned).map { $0.accepted?.packets ?? 0 }
    }

    private static func replied(_ rig: Rig) throws -> [UInt64] {
        try rig.driver.sample().clusters.first?.counters.map { $0.replied?.packets ?? 999 } ?? []
    }

    /// Reads every datagram that has come, and answers it.
    static func answer(_ service: TestSocket) {
        var buffer = [UInt8](repeating: 0, count: 64)
        var peer = sockaddr()
        while true {
            var length = socklen_t(MemoryLayout<sockaddr>.size)
            let count = recvfrom(service.descriptor, &buffer, buffer.count, 0, &peer, &length)
            guard count >= 0 else { return }
            sendto(service.descriptor, buffer, count, 0, &peer, length)
        }
    }

    @Test func everyDatagramAnsweredCountsInItsBucket() throws {
        try Rig.run(.nftables) { rig in
            let owned = BucketSet([1, 4, 5, 6])
            try rig.driver.install(Self.configuration, owned: owned)
            try rig.resolve()
            let service = try TestSocket(SOCK_DGRAM, .udp, source: Traffic.cluster, port: Traffic.port)
            for round in 1...2 {
                try rig.send(Self.flows)
                _ = try rig.counters(arrived: round * Self.flows.count)
                Self.answer(service)
                let all = Array(repeating: Self.flows, count: round).flatMap { $0 }
                #expect(try Self.replied(rig) == Self.expected(all, owned: owned))
            }
            try rig.driver.rebuild(Self.configuration)
            #expect(try Self.replied(rig).reduce(0, +) > 0, "a table made anew keeps what was counted")
        }
    }

    /// Nobody listens: the kernel answers with an ICMP error, or resets the connection.
    @Test(arguments: [TransportProtocol.udp, .tcp])
    func refusalsAreNoReplies(_ transport: TransportProtocol) throws {
        try Rig.run(.nftables) { rig in
            try rig.driver.install(Self.configuration, owned: BucketSet(1...16))
            try rig.resolve()
            try shell(
                """
                nft add table ip probe
                nft add chain ip probe out '{ type filter hook postrouting priority 0; }'
                nft add rule ip probe out ip saddr 10.8.0.1 counter
                """)
            let flows = Traffic.flows(transport, 5)
            let sockets = try #require(try rig.namespaces?.onClient { try flows.map { try Traffic.send($0) } })
            _ = try rig.counters(arrived: flows.count)
            if transport == .tcp { for socket in sockets { #expect(socket.isReady(POLLERR)) } }
            #expect(try shell("nft list chain ip probe out").contains("counter packets 5 bytes"))
            #expect(try Self.replied(rig).allSatisfy { $0 == 0 })
        }
    }

    /// The segments of data alone are replies, the shortest too; those without are counted beside, whatever their options.
    @Test(arguments: [TableLayout.second, .markless], [true, false])
    func aConnectionThatIsServedIsReplied(_ layout: TableLayout, withTimestamps: Bool) throws {
        try Rig.run(.nftables) { rig in
            try shell("sysctl -qw net.ipv4.tcp_timestamps=\(withTimestamps ? 1 : 0)")
            (rig.driver as? NftablesDriver)?.newLayout = layout
            try rig.driver.install(Self.configuration, owned: BucketSet(1...16))
            try rig.resolve()
            let server = try TestSocket(SOCK_STREAM, .tcp, source: Traffic.cluster, port: Traffic.port)
            try server.listen()
            let flow = Traffic.flows(.tcp, 1)[0]
            let client = try #require(try rig.namespaces?.onClient { try Traffic.send(flow) })
            #expect(client.isReady(POLLOUT) && server.isReady(POLLIN))
            let bucket = Self.configuration.bucket(of: flow)
            #expect(try Self.replied(rig).allSatisfy { $0 == 0 }, "the kernel took the connection, and no service")
            let connection = accept(server.descriptor, nil, nil)
            defer { close(connection) }
            let sizes = Array(1...30) + [60, 100, 500]
            for size in sizes {
                #expect(write(client.descriptor, "?", 1) == 1)
                let answer = [UInt8](repeating: 1, count: size)
                #expect(write(connection, answer, size) == size)
                var room = [UInt8](repeating: 0, count: 512)
                #expect(client.isReady(POLLIN) && read(client.descriptor, &room, 512) == size)
            }
            let replied = try Self.replied(rig)
            #expect(replied[bucket - 1] == UInt64(sizes.count) && replied.reduce(0, +) == UInt64(sizes.count))
            #expect((try rig.driver.sample().clusters.first?.signs?.bare ?? 0) >= 1)
        }
    }

    /// A firewall of the node drops what the service says; the table sees it.
    @Test(arguments: ["output", "postrouting"])
    func whatAFirewallDropsOnTheWayOutIsNoReply(_ hook: String) throws {
        try Rig.run(.nftables) { rig in
            try rig.driver.install(Self.configuration, owned: BucketSet(1...16))
            try rig.resolve()
            try shell(
                """
                nft add table ip wall
                nft add chain ip wall out '{ type filter hook \(hook) priority 100; }'
                nft add rule ip wall out ip saddr 10.8.0.1 drop
                """)
            let service = try TestSocket(SOCK_DGRAM, .udp, source: Traffic.cluster, port: Traffic.port)
            try rig.send(Self.flows)
            _ = try rig.counters(arrived: Self.flows.count)
            Self.answer(service)
            #expect(try Self.replied(rig).allSatisfy { $0 == 0 })
            try shell("nft delete table ip wall")
            try rig.send(Self.flows)
            _ = try rig.counters(arrived: 2 * Self.flows.count)
            Self.answer(service)
            #expect(try Self.replied(rig) == Self.expected(Self.flows, owned: BucketSet(1...16)))
        }
    }

    @Test func whatTheNodeSaysByItselfIsNoReply() throws {
        try Rig.run(.nftables) { rig in
            try rig.driver.install(Self.configuration, owned: BucketSet(1...16))
            try rig.resolve()
            let socket = try TestSocket(SOCK_DGRAM, .udp, source: Traffic.cluster, port: 5353)
            try socket.send(Array("news".utf8), to: IPAddress(10, 9, 0, 9), port: 53)
            try rig.send(Traffic.flows(.icmp, 10))
            _ = try rig.counters(arrived: 10)
            #expect(try Self.replied(rig).allSatisfy { $0 == 0 })
        }
    }

    @Test func theFirstLayoutDoesNotCountThem() throws {
        try Rig.run(.nftables) { rig in
            let driver = try #require(rig.driver as? NftablesDriver)
            driver.newLayout = .first
            try driver.install(Self.configuration, owned: [1])
            let counters = try #require(try driver.sample().clusters.first?.counters)
            #expect(counters.count == 16 && counters.allSatisfy { $0.replied == nil })
            driver.newLayout = .second
            try driver.rebuild(Self.configuration)
            #expect(try Self.replied(rig) == Array(repeating: 0, count: 16))
        }
    }
}

/// The interface is renamed under a table that names it.
@Suite struct RenamedInterfaceTests {
    @Test(arguments: HashMode.allCases)
    func itsPacketsAreStillDecidedByTheirBuckets(_ mode: HashMode) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            let owned = BucketSet([1, 4, 5, 6])
            try rig.driver.install(configuration, owned: owned)
            let flows = [.udp, .icmp, .esp, .ah, .gre].flatMap { Traffic.flows($0, 30) }
            try shell(
                """
                ip link set eth0 down; ip link set eth0 name eth9; ip link set eth9 up
                ip address replace 10.8.1.1/16 dev eth9; ip address replace 10.8.0.1/16 dev eth9
                ip route replace 10.9.0.0/16 dev eth9
                """)
            try rig.resolve()
            try rig.send(flows)
            let expected = Traffic.expected(flows, configuration, accepting: owned)
            #expect(try rig.counters(arrived: flows.count).packets == expected.packets)
        }
    }
}
