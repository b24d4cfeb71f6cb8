import ClusterModel
import Glibc
import NodeDriver
import Responsibility
import Testing

/// What real packets meet in our table, held against the engine's verdict.
@Suite struct DataPathTests {
    @Test(arguments: HashMode.allCases)
    func everyProtocolArrivesInItsBucket(_ mode: HashMode) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            try rig.driver.install(configuration, owned: [])
            try rig.resolve()
            let protocols = [.udp, .icmp, .esp, .ah, .sctp, .udpLite, .gre, TransportProtocol(rawValue: 89)]
            let flows = protocols.flatMap { Traffic.flows($0, 40) }
            try rig.send(flows)
            let expected = Traffic.expected(flows, configuration, accepting: [])
            #expect(try rig.counters(arrived: flows.count).packets == expected.packets)
        }
    }

    /// Segments of connections that the node never saw, with all kinds of flags, in buckets of all states.
    ///
    /// Buckets 15 and 16 were made adopted by a foreign hand, and are not owned: that makes nothing of them.
    @Test func tcpSegmentsMeetTheVerdictOfTheEngine() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example()
            try rig.driver.install(configuration, owned: BucketSet(1...12))
            for bucket in 5...8 { try rig.change(bucket, from: .owned, to: .draining) }
            for bucket in 9...12 { try rig.change(bucket, from: .owned, to: .adopted) }
            try shell("nft add element ip clusterip_10_8_0_1 adopted '{ 15, 16 }'")
            try rig.resolve()
            let kinds: [TCPFlags] = [
                .syn, [.syn, .psh], [.syn, .ack], .ack, [.fin, .ack], [.psh, .ack], .rst, [.syn, .rst], [.syn, .fin],
            ]
            let ownership = try #require(try rig.driver.sample().clusters.first?.ownership)
            let table = ClusterTable(placement: try #require(configuration.placement))
            var expected = [BucketCounters](repeating: .init(zero: [.arrived, .accepted]), count: 16)
            var first = 1
            for flags in kinds {
                for flow in Traffic.flows(.tcp, 60, from: first) {
                    let verdict = table.decide(Packet(flow: flow, tcpFlags: flags)) { bucket in
                        ownership.state(of: bucket).flatMap { Holding(rawValue: $0.rawValue) } ?? .none
                    }
                    let index = try #require(verdict.bucket) - 1
                    expected[index].arrived?.packets += 1
                    expected[index].accepted?.packets += verdict.accepts ? 1 : 0
                    try rig.namespaces?.onClient { try Traffic.sendSegment(flow, flags) }
                }
                first += 60
            }
            #expect(try rig.counters(arrived: first - 1).packets == expected.packets)
        }
    }

    @Test(arguments: HashMode.allCases)
    func connectionsOpenInOwnedBucketsOnly(_ mode: HashMode) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            let owned = BucketSet([1, 4, 5, 6, 11, 13])
            try rig.driver.install(configuration, owned: owned)
            let server = try TestSocket(SOCK_STREAM, .tcp, source: Traffic.cluster, port: Traffic.port)
            try server.listen()
            let flows = Traffic.flows(.tcp, 60)
            let sockets = try #require(try rig.namespaces?.onClient { try flows.map { try Traffic.send($0) } })
            // Once every SYN has arrived and the owned buckets' were answered, no other answer is under way.
            _ = try rig.counters(arrived: flows.count)
            for owns in [true, false] {
                for (flow, socket) in zip(flows, sockets)
                where owned.contains(configuration.bucket(of: flow)) == owns {
                    #expect(socket.isReady(POLLOUT, milliseconds: owns ? 1000 : 0) == owns)
                }
            }
            let buckets = flows.map { configuration.bucket(of: $0) }.filter(owned.contains)
            let counts = Dictionary(buckets.map { ($0, 1) }, uniquingKeysWith: +)
            #expect(try rig.node.connections(of: Traffic.cluster) == counts)
        }
    }

    @Test func aReleasedBucketKeepsItsConnectionsAndTakesNoNewOnes() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: .sourceIP)
            try rig.driver.install(configuration, owned: BucketSet(1...16))
            let server = try TestSocket(SOCK_STREAM, .tcp, source: Traffic.cluster, port: Traffic.port)
            try server.listen()
            var flow = Traffic.flows(.tcp, 1)[0]
            let bucket = configuration.bucket(of: flow)
            let client = try #require(try rig.namespaces?.onClient { try Traffic.send(flow) })
            #expect(client.isReady(POLLOUT))
            #expect(server.isReady(POLLIN))
            let accepted = accept(server.descriptor, nil, nil)
            defer { close(accepted) }

            try rig.change(bucket, from: .owned, to: .draining)
            #expect(write(client.descriptor, "still here", 10) == 10)
            var answer = [UInt8](repeating: 0, count: 16)
            #expect(read(accepted, &answer, 16) == 10)

            flow.sourcePort += 1
            let late = try #require(try rig.namespaces?.onClient { try Traffic.send(flow) })
            #expect(!late.isReady(POLLOUT, milliseconds: 200))

            #expect(try rig.node.dropConnections(of: [bucket], address: Traffic.cluster) == 1)
            #expect(try rig.node.connections(of: Traffic.cluster).isEmpty)
            #expect(write(client.descriptor, "gone", 4) == 4)
            var entry = pollfd(fd: accepted, events: Int16(POLLIN), revents: 0)
            #expect(poll(&entry, 1, 200) == 0)
        }
    }

    @Test func anAdoptedBucketResetsConnectionsItNeverSaw() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: .sourceIP)
            try rig.driver.install(configuration, owned: BucketSet(1...16))
            let server = try TestSocket(SOCK_STREAM, .tcp, source: Traffic.cluster, port: Traffic.port)
            try server.listen()
            let flow = Traffic.flows(.tcp, 1)[0]
            let bucket = configuration.bucket(of: flow)
            try rig.resolve()
            var stranger = flow
            stranger.sourcePort += 7
            try rig.namespaces?.onClient { try Traffic.sendSegment(stranger, .ack) }
            #expect(try rig.counters(arrived: 1)[bucket - 1].accepted?.packets == 0)
            try rig.change(bucket, from: .owned, to: .adopted)
            stranger.sourcePort += 1
            let listener = try #require(
                try rig.namespaces?.onClient { try TestSocket(SOCK_RAW, .tcp, source: stranger.source, port: 0) })
            try rig.namespaces?.onClient { try Traffic.sendSegment(stranger, .ack) }
            #expect(listener.isReady(POLLIN))
            let segment = try #require(listener.receive())
            #expect(TCPFlags(rawValue: segment[20 + 13]).contains(.rst))
        }
    }

    @Test func untrackedAndInvalidPacketsAreNotAnswered() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example()
            try rig.driver.install(configuration, owned: BucketSet(1...16))
            try rig.resolve()
            try shell(
                """
                nft add table ip raw
                nft add chain ip raw prerouting '{ type filter hook prerouting priority raw; }'
                nft add rule ip raw prerouting udp dport 7777 notrack
                nft add rule ip raw prerouting tcp sport 20010-20030 notrack
                """)
            let flows = Traffic.flows(.udp, 50) + Traffic.flows(.tcp, 50)
            try rig.send(Array(flows[..<50]))
            for flow in flows[50...] {
                let flags: TCPFlags = (20_010...20_030).contains(flow.sourcePort) ? .syn : [.syn, .fin]
                try rig.namespaces?.onClient { try Traffic.sendSegment(flow, flags) }
            }
            let expected = Traffic.expected(flows, configuration, accepting: [])
            #expect(try rig.counters(arrived: flows.count).packets == expected.packets)
        }
    }

    @Test func anErrorAboutAnOwnConnectionIsAnsweredWhoeverOwnsTheBucket() throws {
        try Rig.run(.nftables) { rig in
            try rig.driver.install(.example(), owned: [])
            let peer = IPAddress(10, 9, 0, 9)
            let socket = try TestSocket(SOCK_DGRAM, .udp, source: Traffic.cluster, port: 4000)
            try socket.connect(to: peer, port: 9)
            #expect(write(socket.descriptor, "x", 1) == 1)
            #expect(socket.isReady(POLLERR))
            #expect(socket.error == ECONNREFUSED)
            let counters = try rig.counters(arrived: 1)
            let bucket = ClusterConfiguration.example().bucket(
                of: Flow(transport: .icmp, source: peer, destination: Traffic.cluster))
            #expect(counters[bucket - 1].accepted?.packets == 1)
        }
    }

    @Test func theNodeSaysTheClusterMAC() throws {
        try Rig.run(.nftables) { rig in
            try rig.driver.install(.example(), owned: [1])
            try rig.send(Traffic.flows(.udp, 1))
            _ = try rig.counters(arrived: 1)
            let neighbour = try rig.namespaces?.onClient { try shell("ip neighbour show 10.8.0.1") }
            #expect(neighbour?.contains("lladdr 01:00:5e:00:00:20") == true, "\(neighbour ?? "")")
        }
    }

    @Test(arguments: [5000, 65_536])
    func manyBucketsWork(_ total: UInt32) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(bucketCount: total)
            let owned = BucketSet(stride(from: 1, through: Int(total), by: 2))
            try rig.driver.install(configuration, owned: owned)
            try rig.resolve()
            let flows = Traffic.flows(.udp, 300)
            try rig.send(flows)
            let expected = Traffic.expected(flows, configuration, accepting: owned)
            #expect(try rig.counters(arrived: flows.count).packets == expected.packets)
            let cluster = try #require(try rig.driver.sample().clusters.first)
            #expect(cluster.ownership == Ownership(owned: owned))
            #expect(cluster.alterations == [])
        }
    }
}
