import ClusterModel
import Glibc
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// What cannot be answered here is counted, and dropped before connection tracking.
@Suite struct EarlyDropTests {
    private static let owned = BucketSet([1, 4, 5, 6])

    /// Counts the packets to the cluster address that come as far as connection tracking.
    private static let probe = """
        nft add table ip probe
        nft add chain ip probe tracked '{ type filter hook prerouting priority -199; }'
        nft add rule ip probe tracked ip daddr 10.8.0.1 counter
        """

    @Test(arguments: HashMode.allCases)
    func onlyWhatMayBeAnsweredIsTracked(_ mode: HashMode) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            try rig.driver.install(configuration, owned: Self.owned)
            try rig.resolve()
            try shell(Self.probe)
            let opening = [.udp, .esp, .ah, .sctp, .gre].flatMap { Traffic.flows($0, 40) } + Traffic.flows(.tcp, 40)
            let pings = Traffic.flows(.icmp, 40)
            let (segments, answers) = (Traffic.flows(.tcp, 40, from: 100), Traffic.flows(.tcp, 40, from: 200))
            let others = pings + segments + answers
            try rig.send((opening + others).filter { $0.transport != .tcp })
            try rig.namespaces?.onClient {
                for flow in opening where flow.transport == .tcp { try Traffic.sendSegment(flow, .syn) }
                for flow in segments { try Traffic.sendSegment(flow, .ack) }
                for flow in answers { try Traffic.sendSegment(flow, [.syn, .ack]) }
            }
            let all = opening + others
            let counters = try rig.counters(arrived: all.count)
            let arrived = Traffic.expected(all, configuration, accepting: []).map(\.arrived?.packets)
            #expect(counters.map(\.arrived?.packets) == arrived)
            let mine = (opening + segments).count { Self.owned.contains(configuration.bucket(of: $0)) }
            let tracked = try shell("nft list chain ip probe tracked")
            #expect(tracked.contains("counter packets \(mine + pings.count + answers.count) bytes"), "\(tracked)")
        }
    }

    @Test func withoutItTheSamePacketsAreAnsweredAndTheTableIsAltered() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example()
            try rig.driver.install(configuration, owned: Self.owned)
            try rig.resolve()
            try shell("nft delete chain ip clusterip_10_8_0_1 before_tracking")
            let flows = [.udp, .icmp, .esp, .ah].flatMap { Traffic.flows($0, 40) }
            try rig.send(flows)
            let expected = Traffic.expected(flows, configuration, accepting: Self.owned)
            #expect(try rig.counters(arrived: flows.count).packets == expected.packets)
            #expect(
                try rig.driver.sample().clusters.first?.alterations
                    == [.chainMissing(.init(.ip, "before_tracking"))])
        }
    }

    @Test func theSampleTellsHowFullConnectionTrackingIs() throws {
        try Rig.run(.nftables) { rig in
            try rig.driver.install(.example(), owned: BucketSet(1...16))
            try rig.resolve()
            #expect(rig.node.sample().facts.conntrack?.count == 0)
            try rig.send(Traffic.flows(.udp, 50))
            _ = try rig.counters(arrived: 50)
            let limit = try shell("cat /proc/sys/net/netfilter/nf_conntrack_max").split(separator: "\n").first
            let table = try #require(rig.node.sample().facts.conntrack)
            #expect(table.count == 50 && limit == "\(table.limit)", "\(table)")
        }
    }
}

/// Connections that the early drop must spare, and what it may forget.
@Suite struct SparedConnectionTests {
    /// The client listens, the node connects from the cluster address: the answers' buckets are another node's.
    @Test(arguments: HashMode.allCases, [UInt16(40_000), 20])
    func aConnectionThatTheNodeOpensItselfLives(_ mode: HashMode, _ port: UInt16) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            try rig.driver.install(configuration, owned: [])
            try rig.resolve()
            let peer = IPv4Address(10, 9, 0, 9)
            let server = try #require(
                try rig.namespaces?.onClient {
                    let server = try TestSocket(SOCK_STREAM, .tcp, source: .v4(peer), port: 80)
                    try server.listen()
                    return server
                })
            let socket = try TestSocket(SOCK_STREAM, .tcp, source: Traffic.cluster, port: port)
            try socket.connect(to: .v4(peer), port: 80)
            #expect(socket.isReady(POLLOUT) && socket.error == 0)
            #expect(server.isReady(POLLIN))
            let accepted = accept(server.descriptor, nil, nil)
            defer { close(accepted) }
            for round in 1...3 {
                #expect(write(accepted, "data", 4) == 4)
                #expect(socket.isReady(POLLIN), "round \(round)")
                #expect(socket.receive()?.count == 4)
                #expect(write(socket.descriptor, "more", 4) == 4)
            }
            try rig.driver.tidy()
            #expect(write(accepted, "last", 4) == 4)
            #expect(socket.isReady(POLLIN) && socket.receive()?.count == 4)
            #expect(try rig.driver.sample().clusters.first?.alterations == [])
        }
    }

    /// A bucket is drained and let go, and its connection lives on; only when it has ended its segments are dropped early.
    @Test func aReleasedBucketIsSparedAsLongAsItHasAConnection() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: .sourceIP)
            try rig.driver.install(configuration, owned: BucketSet(1...16))
            let server = try TestSocket(SOCK_STREAM, .tcp, source: Traffic.cluster, port: Traffic.port)
            try server.listen()
            let flow = Traffic.flows(.tcp, 1)[0]
            let bucket = configuration.bucket(of: flow)
            let client = try #require(try rig.namespaces?.onClient { try Traffic.send(flow) })
            #expect(client.isReady(POLLOUT) && server.isReady(POLLIN))
            let accepted = accept(server.descriptor, nil, nil)
            func isSpared() throws -> Bool {
                try shell("nft list set ip clusterip_10_8_0_1 sticky").contains(" \(bucket)[, ]".description)
                    || shell("nft get element ip clusterip_10_8_0_1 sticky '{ \(bucket) }' 2>&1 || true")
                        .contains("elements")
            }
            try rig.change(bucket, from: .owned, to: .draining)
            try rig.change(bucket, from: .draining, to: nil)
            try rig.driver.tidy()
            #expect(try isSpared())
            #expect(write(client.descriptor, "still here", 10) == 10)
            var answer = [UInt8](repeating: 0, count: 16)
            var entry = pollfd(fd: accepted, events: Int16(POLLIN), revents: 0)
            #expect(poll(&entry, 1, 1000) == 1 && read(accepted, &answer, 16) == 10)
            close(accepted)
            #expect(try rig.node.dropConnections(of: [bucket], address: Traffic.cluster) == 1)
            try rig.driver.tidy()
            #expect(try !isSpared())
            #expect(try rig.driver.sample().clusters.first?.alterations == [])
        }
    }

    /// Another program's marks, and those of an older placement, are no marks of ours.
    @Test(arguments: [0, 3, 0x8000_0000, 0xffff_ffff])
    func marksOfOthersDecideNothing(_ mark: Int) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example()
            let owned = BucketSet([1, 4, 5, 6])
            try rig.driver.install(configuration, owned: owned)
            try rig.resolve()
            try shell(
                """
                nft add table ip other
                nft add chain ip other marks '{ type filter hook prerouting priority -170; }'
                nft add rule ip other marks ct mark set \(mark)
                """)
            let flows = Traffic.flows(.udp, 60)
            for round in 1...2 {
                try rig.send(flows)
                let expected = Traffic.expected(
                    Array(repeating: flows, count: round).flatMap { $0 }, configuration, accepting: owned)
                #expect(try rig.counters(arrived: round * flows.count).packets == expected.packets)
            }
        }
    }

    /// Connection tracking gives an error the mark of its connection; its bucket is that of the router which sent it.
    @Test(arguments: HashMode.allCases)
    func anErrorOfAKnownFlowIsLetInAndCountsInItsOwnBucket(_ mode: HashMode) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            try rig.driver.install(configuration, owned: BucketSet(1...16))
            try rig.resolve()
            let flows = Traffic.flows(.udp, 30)
            try rig.send(flows)
            _ = try rig.counters(arrived: flows.count)
            for bucket in 1...8 { try rig.change(bucket, from: .owned, to: nil) }
            let routers = Traffic.flows(.icmp, 30, from: 300)
            try rig.namespaces?.onClient {
                for (flow, router) in zip(flows, routers) { try Traffic.sendError(about: flow, from: router.source) }
            }
            let expected = Traffic.expected(flows + routers, configuration, accepting: BucketSet(1...16))
            #expect(try rig.counters(arrived: 2 * flows.count).packets == expected.packets)
        }
    }

    /// Connection tracking knows no ports of these, so that one connection has packets of many buckets.
    @Test(arguments: [TransportProtocol.esp, .ah, .dccp], HashMode.allCases)
    func flowsThatShareAConnectionCountInBucketsOfTheirOwn(_ transport: TransportProtocol, _ mode: HashMode) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            let owned = BucketSet([1, 2, 4, 5, 6, 9, 10, 12, 16])
            try rig.driver.install(configuration, owned: owned)
            try rig.resolve()
            var flows = Traffic.flows(transport, 60)
            for index in flows.indices { flows[index].source = flows[index % 3].source }
            for round in 1...2 {
                try rig.send(flows)
                let all = Array(repeating: flows, count: round).flatMap { $0 }
                let expected = Traffic.expected(all, configuration, accepting: owned)
                #expect(try rig.counters(arrived: all.count).packets == expected.packets)
            }
        }
    }

    @Test func aKnownFlowIsCountedByItsMark() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example()
            let owned = BucketSet([1, 4, 5, 6])
            try rig.driver.install(configuration, owned: owned)
            try rig.resolve()
            let flows = Traffic.flows(.udp, 60)
            for round in 1...3 {
                try rig.send(flows)
                let expected = Traffic.expected(
                    Array(repeating: flows, count: round).flatMap { $0 }, configuration, accepting: owned)
                #expect(try rig.counters(arrived: round * flows.count).packets == expected.packets)
            }
            for bucket in owned { try rig.change(bucket, from: .owned, to: nil) }
            let before = try rig.counters(arrived: 3 * flows.count)
            try rig.send(flows)
            let after = try rig.counters(arrived: 4 * flows.count)
            #expect(after.map(\.accepted) == before.map(\.accepted))
        }
    }
}

/// Tables of the first layout, which nodes of edition 0.1 have, beside the agents of today.
@Suite struct FirstLayoutTests {
    private static func old(_ rig: Rig, _ owned: BucketSet, mode: HashMode = .sourceIPSourcePort) throws
        -> NftablesDriver
    {
        let driver = try #require(rig.driver as? NftablesDriver)
        driver.newLayout = .first
        try driver.install(.example(mode: mode), owned: owned)
        driver.newLayout = .second
        return driver
    }

    @Test(arguments: HashMode.allCases)
    func itIsReadAndChangedAsItIs(_ mode: HashMode) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            _ = try Self.old(rig, [1, 4, 5, 6], mode: mode)
            try rig.resolve()
            let flows = [.udp, .icmp, .esp, .ah].flatMap { Traffic.flows($0, 40) }
            try rig.send(flows)
            let expected = Traffic.expected(flows, configuration, accepting: [1, 4, 5, 6])
            #expect(try rig.counters(arrived: flows.count).packets == expected.packets)
            #expect(try rig.change(1, from: .owned, to: .draining) == .applied)
            #expect(try rig.change(9, from: nil, to: .adopted) == .applied)
            try rig.driver.tidy()
            let cluster = try #require(try rig.driver.sample().clusters.first)
            #expect(cluster.ownership == Ownership(owned: [4, 5, 6], draining: [1], adopted: [9]))
            #expect(cluster.alterations == [])
            #expect(try !shell("nft list table ip clusterip_10_8_0_1").contains("sticky"))
        }
    }

    /// The connection's mark is the bucket without a tag; it goes on over the change of tables, and the next packet tags it.
    @Test func theNewLayoutComesOverItWhileConnectionsLive() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: .sourceIP)
            let driver = try Self.old(rig, BucketSet(1...16), mode: .sourceIP)
            let server = try TestSocket(SOCK_STREAM, .tcp, source: Traffic.cluster, port: Traffic.port)
            try server.listen()
            let flow = Traffic.flows(.tcp, 1)[0]
            let bucket = configuration.bucket(of: flow)
            let client = try #require(try rig.namespaces?.onClient { try Traffic.send(flow) })
            #expect(client.isReady(POLLOUT) && server.isReady(POLLIN))
            let accepted = accept(server.descriptor, nil, nil)
            defer { close(accepted) }
            try rig.change(bucket, from: .owned, to: nil, operation: "op-7")
            let (before, authors) = (try driver.sample(), try driver.operations(of: Traffic.cluster))
            try driver.rebuild(configuration)
            let after = try #require(try driver.sample().clusters.first)
            #expect(after.ownership == before.clusters.first?.ownership && after.alterations == [])
            #expect(after.counters.packets == before.clusters.first?.counters.packets)
            #expect(try driver.operations(of: Traffic.cluster) == authors && authors[bucket] == "op-7")
            #expect(try shell("nft list table ip clusterip_10_8_0_1").contains("set accepted"))
            for _ in 1...2 {
                #expect(write(client.descriptor, "still here", 10) == 10)
                var answer = [UInt8](repeating: 0, count: 16)
                var entry = pollfd(fd: accepted, events: Int16(POLLIN), revents: 0)
                #expect(poll(&entry, 1, 1000) == 1 && read(accepted, &answer, 16) == 10)
            }
        }
    }
}
